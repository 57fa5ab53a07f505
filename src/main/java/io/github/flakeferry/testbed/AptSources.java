package io.github.flakeferry.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the machine gets its own packages from: sources.list(5), the one-line form and deb822. The
 * boards' packages come from the same mirror.
 */
final class AptSources {
  private record Source(String uri, List<String> suites, List<String> components) {
    // neither the archive of security updates nor somebody else's packages
    boolean isDebian() {
      return components.contains("main")
          && suites.stream().noneMatch(s -> s.contains("security") || s.endsWith("/"))
          && !uri.contains("security")
          && uri.replaceAll("/+$", "").endsWith("debian");
    }
  }

  private AptSources() {}

  /** The mirror of Debian that this machine uses. */
  static Optional<String> mirror(Path etcApt) throws IOException {
    var files = new ArrayList<>(List.of(etcApt.resolve("sources.list")));
    Path folder = etcApt.resolve("sources.list.d");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> more = Files.list(folder)) {
        more.sorted().forEach(files::add);
      }
    }
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        String text = Files.readString(file);
        List<Source> sources = file.toString().endsWith(".sources") ? deb822(text) : lines(text);
        Optional<String> found =
            sources.stream().filter(Source::isDebian).map(Source::uri).findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  // deb [options] URI suite component…
  private static List<Source> lines(String text) {
    return text.lines()
        .map(line -> line.replaceAll("#.*", "").replaceAll("\\[[^\\]]*]", " ").strip())
        .filter(line -> line.startsWith("deb "))
        .map(line -> line.split("\\s+"))
        .filter(fields -> fields.length >= 4)
        .map(f -> new Source(f[1], List.of(f[2]), Arrays.asList(f).subList(3, f.length)))
        .toList();
  }

  private static List<Source> deb822(String text) {
    var sources = new ArrayList<Source>();
    String uncommented = text.replaceAll("(?m)^#.*\\R?", "");
    for (String stanza : uncommented.split("\\R[ \\t]*\\R")) {
      Map<String, List<String>> fields = fields(stanza);
      boolean enabled = !fields.getOrDefault("enabled", List.of("yes")).contains("no");
      if (enabled && fields.getOrDefault("types", List.of()).contains("deb")) {
        for (String uri : fields.getOrDefault("uris", List.of())) {
          sources.add(
              new Source(
                  uri,
                  fields.getOrDefault("suites", List.of()),
                  fields.getOrDefault("components", List.of())));
        }
      }
    }
    return sources;
  }

  private static Map<String, List<String>> fields(String stanza) {
    var fields = new HashMap<String, List<String>>();
    // a line that begins with a blank goes on where the last one ended
    for (String line : stanza.replaceAll("\\R[ \\t]+", " ").split("\\R")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT),
            List.of(line.substring(colon + 1).strip().split("\\s+")));
      }
    }
    return fields;
  }
}
