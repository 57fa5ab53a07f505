package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks this machine's store. */
final class Store {
  private static final FailureCode CODE = FailureCode.STORE;

  /** Paths of one command: it may not have any length. */
  private static final int AT_ONCE = 5000;

  /** Whoever waits for it can do without it. */
  private static final Duration SUBSTITUTED_WITHIN = Duration.ofMinutes(5);

  private static final int STORE_DEPTH = Path.of(StorePath.STORE).getNameCount();

  private final NixProgram program;

  Store(NixProgram program) {
    this.program = program;
  }

  List<PathInfo> closure(Collection<StorePath> roots) {
    return roots.isEmpty()
        ? List.of()
        : infos("tell the closure of " + named(roots), List.of("--recursive"), words(roots))
            .stream()
            .map(PathInfoJson.Known::info)
            .toList();
  }

  List<PathInfo> builtBefore(Collection<StorePath> derivations, boolean sources) {
    String purpose = "tell what was built before";
    List<String> paths =
        program
            .runOrFail(
                program
                    .store("--query", "--requisites", "--include-outputs")
                    .and(words(derivations)),
                CODE,
                purpose)
            .output()
            .lines()
            .filter(path -> !path.endsWith(".drv"))
            .toList();
    var infos = new HashMap<StorePath, PathInfo>();
    var wanted = new ArrayDeque<StorePath>();
    for (PathInfoJson.Known known : infos(purpose, paths)) {
      infos.put(known.info().path(), known.info());
      if (known.builtHere() && (sources || !isSource(known.info()))) {
        wanted.add(known.info().path());
      }
    }
    return closure(wanted, infos);
  }

  List<StorePath> madeHere(Collection<PathInfo> paths) {
    return infos("tell what was built here", words(paths.stream().map(PathInfo::path).toList()))
        .stream()
        .filter(PathInfoJson.Known::builtHere)
        .flatMap(known -> known.info().deriver().stream())
        .distinct()
        .toList();
  }

  private List<PathInfoJson.Known> infos(String purpose, List<String> paths) {
    var all = new ArrayList<PathInfoJson.Known>();
    for (int from = 0; from < paths.size(); from += AT_ONCE) {
      List<String> some = paths.subList(from, Math.min(paths.size(), from + AT_ONCE));
      all.addAll(infos(purpose, List.of(), some));
    }
    return all;
  }

  // what was fetched with a known hash (Nix manual, "Content-addressing")
  private static boolean isSource(PathInfo info) {
    return info.contentAddress().filter(address -> address.startsWith("fixed:")).isPresent();
  }

  private static List<PathInfo> closure(Deque<StorePath> wanted, Map<StorePath, PathInfo> infos) {
    var closure = new LinkedHashMap<StorePath, PathInfo>();
    while (!wanted.isEmpty()) {
      PathInfo info = infos.get(wanted.remove());
      if (info != null && closure.put(info.path(), info) == null) {
        wanted.addAll(info.references());
      }
    }
    return List.copyOf(closure.values());
  }

  private List<PathInfoJson.Known> infos(String purpose, List<String> options, List<String> paths) {
    Command ask = program.nix("path-info", "--json").and(options).and(paths);
    NixProgram.Answer answer = program.run(ask);
    if (!answer.exit().succeeded()
        && answer.errors().stream().anyMatch(l -> l.contains("--json-format"))) {
      // 2.34 announces that it will want this option; older ones don't know it
      answer = program.run(ask.and("--json-format", "1"));
    }
    if (!answer.exit().succeeded()) {
      throw NixFailed.of(CODE, purpose, answer);
    }
    try {
      return PathInfoJson.parse(answer.output());
    } catch (IllegalArgumentException e) {
      throw NixFailed.strange(CODE, purpose, String.valueOf(e.getMessage()));
    }
  }

  List<Output> outputs(Collection<StorePath> derivations) {
    var all = new ArrayList<Output>();
    for (StorePath derivation : derivations) {
      try {
        all.addAll(DerivationFile.read(derivation).outputs());
      } catch (IOException e) {
        throw NixFailed.strange(CODE, "tell what " + derivation + " makes", e.toString());
      }
    }
    if (all.isEmpty()) {
      return List.of();
    }
    Set<String> absent =
        program
            .runOrFail(
                program
                    .store("--check-validity", "--print-invalid")
                    .and(words(all.stream().map(Output::path).toList())),
                CODE,
                "say what it has of what was built")
            .output()
            .lines()
            .collect(Collectors.toSet());
    return all.stream().filter(output -> !absent.contains(output.path().toString())).toList();
  }

  boolean writeLog(StorePath derivation, OutputStream to) throws IOException {
    Finished read =
        program.store("--read-log", derivation.toString()).pipe(InputStream.nullInputStream(), to);
    if (!read.exit().succeeded()
        && read.lastErrorLines().stream().anyMatch(line -> line.contains("is not available"))) {
      return false;
    }
    read.orThrow();
    return true;
  }

  private static List<String> words(Collection<StorePath> paths) {
    return paths.stream().map(StorePath::toString).distinct().toList();
  }

  private static String named(Collection<StorePath> paths) {
    String first = paths.iterator().next().toString();
    return paths.size() == 1 ? first : first + " and " + (paths.size() - 1) + " more";
  }

  /** The path that a system's link {@code kernel} leads into. */
  static Optional<StorePath> kernel(StorePath system) {
    try {
      Path image = Files.readSymbolicLink(system.path().resolve("kernel"));
      return image.startsWith(StorePath.STORE) && image.getNameCount() > STORE_DEPTH
          ? Optional.of(StorePath.parse(image.getName(STORE_DEPTH).toString()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // a container has none
    }
  }

  boolean isValid(StorePath path) {
    var answer = program.run(program.store("--check-validity", path.toString()));
    if (answer.exit() instanceof Exit.Code(int code)
        && (code == 0 || answer.errors().stream().anyMatch(l -> l.contains("is not valid")))) {
      return code == 0;
    }
    throw NixFailed.of(CODE, "say whether it has " + path, answer);
  }

  Set<StorePath> missing(Collection<StorePath> paths) {
    return program
        .runOrFail(
            program.store("--check-validity", "--print-invalid").and(words(paths)),
            CODE,
            "say which paths it has")
        .output()
        .lines()
        .map(StorePath::parse)
        .collect(Collectors.toSet());
  }

  void substitute(Collection<StorePath> paths) {
    program.run(
        program.store("--realise", "--keep-going").and(words(paths)).within(SUBSTITUTED_WITHIN));
  }

  void importFrom(Path cache, Collection<StorePath> roots, Path linkFolder) {
    Path alias = linkFolder.resolve("closure");
    try {
      Files.createDirectories(linkFolder);
      // Nix 2.8 and later don't agree about special characters in a file:// URL
      Files.createSymbolicLink(alias, cache.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("the folder for GC roots can't be used: " + linkFolder, e);
    }
    program.runOrFail(
        program.nix("copy", "--no-check-sigs", "--from", "file://" + alias).and(words(roots)),
        CODE,
        "import what was built from " + cache);
    int n = 0;
    for (StorePath root : roots) {
      keep(root, linkFolder.resolve("imported-" + ++n));
    }
  }

  void keep(StorePath path, Path link) {
    if (!isValid(path)) { // else Nix would go and fetch it
      throw NixFailed.strange(CODE, "keep " + path, "the store does not have it");
    }
    program.runOrFail(
        program.store("--realise", path.toString(), "--add-root", link.toString(), "--indirect"),
        CODE,
        "keep " + path);
  }
}
