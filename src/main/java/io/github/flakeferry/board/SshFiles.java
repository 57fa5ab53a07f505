package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the program {@code ssh} needs to know of a board: its hops with their pinned keys, as a
 * configuration of its own (ssh_config(5): the first value that is found counts, so what we say
 * comes before the user's). Only a configuration reaches the hops before the last one, too.
 *
 * @param config the configuration, to be given by {@code -F}
 * @param host what the board is called there
 */
public record SshFiles(Path config, String host) {
  /** A host key is looked for under this name, whatever address and port it is behind. */
  private static final String ALIAS = "flakeferry-";

  /**
   * OpenSSH knows KnownHostsCommand since 8.5. All, since of what the user's own configuration says
   * of this only the first counts, and that is ours.
   */
  private static final String OLDER = "IgnoreUnknown *\n";

  /**
   * Writes the files.
   *
   * @param folder only ours to read; the files are needed as long as {@code ssh} connects
   * @param key the file with the key that logs in; absent: those that {@code ssh} knows by itself
   */
  public static SshFiles write(Path folder, BoardAddress address, Optional<Path> key)
      throws IOException {
    var hops = new ArrayList<>(address.jumps());
    hops.add(address);
    Path knownHosts = Files.writeString(folder.resolve("known_hosts"), knownHosts(hops));
    Path config =
        Files.writeString(folder.resolve("config"), OLDER + hosts(hops) + trust(knownHosts, key));
    return new SshFiles(config, name(hops, hops.size() - 1));
  }

  // for all hops: no other key proves them, and nothing of ours is lent to them
  private static String trust(Path knownHosts, Optional<Path> key) {
    return """
      Host *
        StrictHostKeyChecking yes
        UserKnownHostsFile "%s"
        GlobalKnownHostsFile /dev/null
        KnownHostsCommand none
        VerifyHostKeyDNS no
        UpdateHostKeys no
        CheckHostIP no
        ControlPath none
        ForwardAgent no
        ForwardX11 no
        ClearAllForwardings yes
      %sInclude ~/.ssh/config
      Include /etc/ssh/ssh_config
      """
        .formatted(knownHosts, key.map(SshFiles::alone).orElse(""));
  }

  // an agent's other keys first would be more than a board lets try (MaxAuthTries)
  private static String alone(Path key) {
    return "  IdentityFile \"%s\"\n  IdentitiesOnly yes\n".formatted(key);
  }

  private static String knownHosts(List<BoardAddress> hops) {
    var lines = new StringBuilder();
    for (int i = 0; i < hops.size(); i++) {
      for (HostKey key : hops.get(i).hostKeys()) {
        lines.append(ALIAS).append(i).append(' ').append(key).append('\n');
      }
    }
    return lines.toString();
  }

  private static String hosts(List<BoardAddress> hops) {
    var text = new StringBuilder();
    for (int i = 0; i < hops.size(); i++) {
      BoardAddress hop = hops.get(i);
      text.append(
          """
          Host %s
            HostName %s
            Port %d
            User %s
            HostKeyAlias %s%d
            ProxyJump %s
          """
              .formatted(
                  name(hops, i),
                  hop.host().replace("%", "%%"),
                  hop.port(),
                  hop.user(),
                  ALIAS,
                  i,
                  i == 0 ? "none" : name(hops, i - 1)));
    }
    return text.toString();
  }

  /**
   * The host's own name, by which the user's configuration knows it, where it is one hop's only.
   */
  private static String name(List<BoardAddress> hops, int index) {
    String host = hops.get(index).host();
    boolean alone =
        hops.stream().map(BoardAddress::host).collect(Collectors.toSet()).size() == hops.size();
    return alone && !host.contains(":") ? host : ALIAS + index;
  }

  /**
   * The words to start it with.
   *
   * @param command what the board is to run; empty: a shell
   */
  public List<String> words(List<String> command) {
    var words = new ArrayList<>(List.of("ssh", "-F", config.toString(), "--", host));
    words.addAll(command);
    return words;
  }
}
