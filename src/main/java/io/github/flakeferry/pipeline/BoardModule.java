package io.github.flakeferry.pipeline;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.board.BoardScript;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.SigningKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The NixOS module for boards that are deployed to without a login as root: a user who may run one
 * script as root, and that script, which activates only what these keys have signed.
 *
 * @param user who logs in
 * @param sshKey a line for {@code authorized_keys}; absent: somebody has to fill it in
 * @param signers sign the systems that the board takes, and all that its Nix takes
 */
public record BoardModule(String user, Optional<String> sshKey, List<PublicKey> signers) {
  private static final String FILL_IN = "CHANGE ME";

  public BoardModule {
    signers = List.copyOf(signers);
  }

  /**
   * The keys of the policy's caches and of whoever asks.
   *
   * @param audience whose builds the board takes
   * @param own the key that signs, where it is at hand
   */
  public static BoardModule of(
      Policy policy,
      Audience audience,
      String user,
      Optional<String> sshKey,
      Optional<SigningKey> own) {
    return new BoardModule(
        user,
        sshKey,
        Stream.concat(
                policy.cachesFor(audience).stream().map(CachePolicy::publicKey),
                Stream.of(own.map(SigningKey::publicKey)))
            .flatMap(Optional::stream)
            .distinct()
            .toList());
  }

  /** The module's text. */
  public String render() {
    return """
    # Lets %1$s bring this board to new systems, and do nothing else as root.
    # Made by `flakeferry init --board-module`: make it anew after an update of Flakeferry.
    { pkgs, ... }:
    let
      # what systems must be signed by, and what the board's Nix takes
      trustedKeys = [%2$s
      ];
      board = pkgs.writeTextFile {
        name = "flakeferry-board";
        executable = true;
        destination = "/bin/flakeferry-board";
        text = script;
      };
      script = ''
    %3$s'';
    in
    {
      users.users.%6$s = {
        isNormalUser = true;
        openssh.authorizedKeys.keys = [
          %4$s
        ];
      };
      security.sudo.extraRules = [
        {
          users = [ %6$s ];
          commands = [
            {
              command = "%5$s";
              options = [ "NOPASSWD" ];
            }
          ];
        }
      ];
      environment.systemPackages = [ board ];
      environment.etc."flakeferry/trusted-keys".text = builtins.concatStringsSep "" (
        map (key: key + "\\n") trustedKeys
      );
      nix.settings.trusted-public-keys = trustedKeys;
    }
    """
        .formatted(
            user,
            signers.isEmpty()
                ? "\n    # " + FILL_IN + ": the public key that signs, such as \"cache-1:…=\""
                : signers.stream().map(key -> "\n    " + quoted(key.toString())).collect(joining()),
            indented(BoardScript.text()),
            sshKey
                .map(BoardModule::quoted)
                .orElse(
                    "# " + FILL_IN + ": the public key that logs in, such as \"ssh-ed25519 …\""),
            BoardScript.INSTALLED,
            quoted(user));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "\\${") + '"';
  }

  // Nix manual, "String literal": two quotes end it, and ${ begins an expression, in this order: a
  // quote before ${ would become a part of its escape
  private static String indented(String text) {
    return text.replace("''", "'''").replace("'${", "''\\'${").replace("${", "''${");
  }
}
