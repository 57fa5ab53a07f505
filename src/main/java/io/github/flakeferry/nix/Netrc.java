package io.github.flakeferry.nix;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A file with the logins that Nix's downloads use, which only this user and root can read: where a
 * daemon downloads, it is the one that reads it. Removed by {@link #close}.
 *
 * <p>The format is curl's (curl.se/docs/manpage.html, {@code --netrc}).
 */
public record Netrc(TemporaryFolder folder) implements AutoCloseable {
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e&&[^\"\\\\]]+");

  /**
   * Writes it.
   *
   * @param logins {@code user:password} for each host
   * @param own what the machine's own file says, which comes after
   * @throws IOException if it can't be written
   */
  public static Netrc write(SortedMap<String, Secret> logins, String own) throws IOException {
    String lines =
        logins.entrySet().stream()
            .map(entry -> line(entry.getKey(), entry.getValue().reveal()))
            .collect(Collectors.joining());
    var netrc = new Netrc(TemporaryFolder.create("netrc"));
    try {
      Files.createFile(
          netrc.file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          netrc.file(), lines + own, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
      return netrc;
    } catch (IOException e) {
      netrc.close();
      throw e;
    }
  }

  private static String line(String host, String login) {
    int colon = login.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("the login has no colon");
    }
    return "machine %s login %s password %s\n"
        .formatted(host, word(login.substring(0, colon)), word(login.substring(colon + 1)));
  }

  private static String word(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Where it is. */
  public Path file() {
    return folder.path().resolve("netrc");
  }

  @Override
  public void close() {
    folder.close();
  }
}
