package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.Boards;
import io.github.flakeferry.board.FirstContact;
import io.github.flakeferry.board.KnownHosts;
import io.github.flakeferry.board.KnownHosts.Standing;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gets to know a board. Its host key counts when the user has named it, when the user's own {@code
 * ssh} knows it already, or when somebody has compared its fingerprint; never by itself.
 */
final class Introduction {
  private static final String NAMED = "  It is the one that you named.";

  private final Dialog dialog;
  private final KnownHosts known;
  private final List<NamedKey> expected;
  private final Optional<SshIdentity> login;
  private final Contact contact;
  private final Progress progress;

  /** Asks a machine for its host key: {@link FirstContact}. */
  @FunctionalInterface
  interface Contact {
    HostKey hostKey(Endpoint endpoint) throws IOException;
  }

  /** What showed a key that nobody has looked at yet. */
  record Met(Endpoint endpoint, HostKey key) {}

  /**
   * @param expected keys that the user has named
   * @param login looks at the board, which is not changed by it
   */
  Introduction(
      Dialog dialog,
      KnownHosts known,
      List<NamedKey> expected,
      Optional<SshIdentity> login,
      Contact contact,
      Progress progress) {
    this.dialog = dialog;
    this.known = known;
    this.expected = List.copyOf(expected);
    this.login = login;
    this.contact = contact;
    this.progress = progress;
  }

  /**
   * Asks for its key.
   *
   * @throws Failure if it can't be reached
   */
  Met meet(Endpoint endpoint) {
    try {
      return new Met(endpoint, hostKey(endpoint));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HostKey hostKey(Endpoint endpoint) throws IOException {
    try (var _ = Wait.begin("asking " + endpoint, progress)) {
      return contact.hostKey(endpoint);
    }
  }

  /**
   * Looks whether each key that the user has named is one of theirs.
   *
   * @param met all of the boards that are new
   * @param pinned the keys of the others
   * @throws SetupRefused if one is not: somebody may be in between
   */
  void refuseUnshown(List<Met> met, List<HostKey> pinned) {
    for (NamedKey named : expected) {
      if (Stream.concat(met.stream().map(Met::key), pinned.stream()).noneMatch(named::names)) {
        throw SetupRefused.notShown(named, met);
      }
    }
  }

  /** What prints the fingerprint of such a key on its own machine (sshd_config(5), HostKey). */
  static String printing(HostKey key) {
    String kind =
        key.type().startsWith("ecdsa-")
            ? "ecdsa"
            : key.type().equals("ssh-rsa") ? "rsa" : "ed25519";
    return "ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub".formatted(kind);
  }

  /**
   * Looks whether its key is to be trusted, and then what it is.
   *
   * @throws SetupRefused if the key is not to be trusted
   */
  SeenBoard with(Met met) {
    Endpoint endpoint = met.endpoint();
    HostKey key = met.key();
    dialog.say("%s shows the host key %s %s".formatted(endpoint, key.type(), key.fingerprint()));
    try {
      trust(endpoint, key, known.of(endpoint.host(), endpoint.port(), key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SeenBoard(endpoint, key, facts(new SeenBoard(endpoint, key, Optional.empty())));
  }

  private void trust(Endpoint endpoint, HostKey key, Standing standing) {
    boolean named = expected.stream().anyMatch(expecting -> expecting.names(key));
    switch (standing) {
      case Standing.Revoked() -> throw SetupRefused.revokedKey(endpoint, key);
      case Standing.Known() -> dialog.say(named ? NAMED : "  Your ssh knows it by this key.");
      case Standing.Other() -> {
        if (!named) {
          throw SetupRefused.otherKey(endpoint, key);
        }
        dialog.say(NAMED + " Your ssh knows it by another one.");
      }
      case Standing.OtherKind(List<String> types) ->
          confirm(
              endpoint,
              key,
              named,
              "Your ssh knows it by a key of another kind (%s)."
                  .formatted(String.join(", ", types)));
      case Standing.New() -> confirm(endpoint, key, named, named ? "" : "Nobody here knows it.");
    }
  }

  private void confirm(Endpoint endpoint, HostKey key, boolean named, String known) {
    if (named) {
      dialog.say((NAMED + " " + known).stripTrailing());
      return;
    }
    dialog.say(
        "  "
            + known
            + " On the board's own console `%s` prints the right one.".formatted(printing(key)));
    if (!dialog.confirm("  Is it the same?")) {
      throw SetupRefused.unconfirmedKey(endpoint, key);
    }
  }

  private Optional<BoardFacts> facts(SeenBoard board) {
    if (login.isEmpty()) {
      dialog.say("  It was not looked at: there is no SSH key of yours and no agent.");
      return Optional.empty();
    }
    try {
      BoardFacts facts = facts(board, login.get());
      dialog.say(
          "  It is %s, %s, and runs %s"
              .formatted(
                  Words.printableLine(facts.machine()),
                  facts
                      .nixVersion()
                      .map(v -> "has Nix " + Words.printableLine(v))
                      .orElse("has no Nix"),
                  facts.current().map(StorePath::name).orElse("no NixOS")));
      return Optional.of(facts);
    } catch (Failure failure) {
      dialog.say("  It could not be looked at: " + Words.printableLine(failure.problem()));
      return Optional.empty();
    }
  }

  private BoardFacts facts(SeenBoard board, SshIdentity identity) {
    try (var _ = Wait.begin("asking " + board.endpoint(), progress);
        var boards = new Boards(identity, (path, to) -> {}, Progress.SILENT)) {
      return boards.facts(new BoardName("board"), board.address());
    }
  }
}
