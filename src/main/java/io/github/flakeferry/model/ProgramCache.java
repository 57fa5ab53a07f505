package io.github.flakeferry.model;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cache that takes paths through the command line program of its service, and signs them itself.
 *
 * @param program of the service
 * @param url where readers find it
 * @param name what the program calls it
 */
public record ProgramCache(Program program, URI url, String name) {
  /** What uploads. */
  public enum Program {
    /** docs.cachix.org: {@code https://NAME.cachix.org}. */
    CACHIX("https://([a-z0-9][a-z0-9-]{0,62})\\.cachix\\.org", "https://NAME.cachix.org"),

    /** docs.attic.rs, where names of caches are such: {@code https://SERVER/NAME}. */
    ATTIC("https?://[^/?#]+/(?:[^?#]+/)?([A-Za-z0-9][A-Za-z0-9_+-]{0,49})", "https://SERVER/NAME");

    private final Pattern urls;
    private final String example;

    Program(String urls, String example) {
      this.urls = Pattern.compile(urls);
      this.example = example;
    }

    /** What it is called in the PATH. */
    public String command() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The cache at a URL.
   *
   * @throws IllegalArgumentException if the service has none there; the message goes on after "the
   *     URL" and does not show it
   */
  public static ProgramCache at(Program program, URI url) {
    Matcher matcher = program.urls.matcher(url.toString());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is not one of %s: expected %s".formatted(program.command(), program.example));
    }
    return new ProgramCache(program, url, matcher.group(1));
  }
}
