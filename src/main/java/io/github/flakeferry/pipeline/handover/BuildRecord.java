package io.github.flakeferry.pipeline.handover;

import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one job built, and for whom.
 *
 * @param repository {@code owner/name}
 * @param runId of the workflow's run, the same for all attempts
 * @param attempt from 1
 * @param policy the default branch's tip that the policy was read from
 * @param commit what was built; absent: nothing was to be built
 * @param ref where the commit was seen
 * @param systems each configuration once
 * @param paths the closures of all systems, each path once, without signatures
 */
public record BuildRecord(
    String repository,
    String runId,
    int attempt,
    GitRevision policy,
    Optional<GitRevision> commit,
    Optional<String> ref,
    List<RecordedSystem> systems,
    List<PathInfo> paths) {
  /** The one form there is so far. */
  static final int VERSION = 1;

  public BuildRecord {
    systems = List.copyOf(systems);
    paths = List.copyOf(paths);
  }

  /**
   * One configuration.
   *
   * @param configuration as the policy calls it
   * @param attribute of the flake's {@code nixosConfigurations}, which may be a variant
   * @param derivation how it is built
   * @param toplevel what it is built into
   */
  public record RecordedSystem(
      String configuration, String attribute, StorePath derivation, StorePath toplevel) {}

  /** The attempt of a run as a number. */
  public static int attempt(RunContext run) {
    return run.attempt().matches("[1-9]\\d{0,5}") ? Integer.parseInt(run.attempt()) : 1;
  }

  public Optional<RecordedSystem> system(String configuration) {
    return systems.stream().filter(s -> s.configuration().equals(configuration)).findFirst();
  }

  /**
   * What this run can't take from the record: it is another run's, or of another commit, or lacks a
   * configuration.
   *
   * @param now the run that is to deploy it
   * @param content what it is to deploy
   */
  public List<Mismatch> differences(
      RunContext now, GitRevision content, String contentRef, Collection<String> configurations) {
    var all = new ArrayList<Mismatch>();
    same(all, "repository", now.repository().fullName(), repository);
    same(all, "run", now.runId(), runId);
    if (attempt > attempt(now)) {
      all.add(new Mismatch("attempt", "at most " + attempt(now), String.valueOf(attempt)));
    }
    same(all, "commit", content.value(), commit.map(GitRevision::value).orElse("none"));
    same(all, "ref", contentRef, ref.orElse("none"));
    for (String configuration : new TreeSet<>(configurations)) {
      if (system(configuration).isEmpty()) {
        all.add(new Mismatch("configuration " + configuration, "a system", "none"));
      }
    }
    return all;
  }

  private static void same(List<Mismatch> all, String where, String expected, String found) {
    if (!expected.equals(found)) {
      all.add(new Mismatch(where, expected, found));
    }
  }

  /** What no record of a build can say: a path is missing, or is there and nothing needs it. */
  public List<Mismatch> contradictions() {
    var all = new ArrayList<Mismatch>();
    Map<StorePath, PathInfo> known = byPath();
    for (RecordedSystem system : systems) {
      Optional<PathInfo> toplevel = Optional.ofNullable(known.get(system.toplevel()));
      if (toplevel.isEmpty()) {
        all.add(missing(system.toplevel(), "the system of " + system.configuration()));
      }
      // anybody can make a path that is named by its content, and it needs no signature
      toplevel
          .flatMap(PathInfo::contentAddress)
          .ifPresent(
              address ->
                  all.add(
                      new Mismatch(
                          system.toplevel().toString(),
                          "a path named by its derivation",
                          "one named by its content, " + address)));
    }
    for (PathInfo info : paths) {
      for (StorePath reference : info.references()) {
        if (!known.containsKey(reference)) {
          all.add(missing(reference, "what " + info.path() + " refers to"));
        }
      }
    }
    Set<StorePath> needed =
        closure(systems.stream().map(RecordedSystem::configuration).toList()).keySet();
    for (PathInfo info : paths) {
      if (!needed.contains(info.path())) {
        all.add(
            new Mismatch(info.path().toString(), "a path that a system refers to", "an extra one"));
      }
    }
    return all.stream().distinct().toList();
  }

  private static Mismatch missing(StorePath path, String what) {
    return new Mismatch(path.toString(), what, "not in the record");
  }

  /** All that these configurations' systems refer to, as far as it is recorded. */
  public SortedMap<StorePath, PathInfo> closure(Collection<String> configurations) {
    Map<StorePath, PathInfo> known = byPath();
    var closure = new TreeMap<StorePath, PathInfo>();
    var left = new ArrayDeque<StorePath>();
    systems.stream()
        .filter(system -> configurations.contains(system.configuration()))
        .forEach(system -> left.add(system.toplevel()));
    while (!left.isEmpty()) {
      PathInfo info = known.get(left.remove());
      if (info != null && closure.put(info.path(), info) == null) {
        left.addAll(info.references());
      }
    }
    return closure;
  }

  private Map<StorePath, PathInfo> byPath() {
    return paths.stream().collect(Collectors.toMap(PathInfo::path, Function.identity()));
  }
}
