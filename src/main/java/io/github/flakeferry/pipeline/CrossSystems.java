package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.CrossTargets;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code flakeferry systems}: this machine's platform, and what the flake's own nixpkgs can
 * cross-compile for.
 *
 * @param machine this machine's
 * @param release of nixpkgs; may be empty
 */
public record CrossSystems(SystemPlatform machine, String release, List<Row> rows) {
  private static final JsonMapper JSON = new JsonMapper();

  public CrossSystems {
    rows = List.copyOf(rows);
  }

  /** One that can be cross-compiled for. */
  public record Row(CrossTargets.Target target, Runs runs) {}

  /** Whether its programs run on this machine. */
  public sealed interface Runs {
    /** As they are. */
    record Natively() implements Runs {}

    /**
     * By a handler of the kernel (binfmt).
     *
     * @param emulator absent where the handler is not to be seen
     */
    record Emulated(Optional<Path> emulator) implements Runs {}

    /** They would, if an emulator were registered with the kernel. */
    record Possibly() implements Runs {}

    /** They are for another kernel, for none, or for a processor that is not emulated. */
    record Never() implements Runs {}
  }

  /**
   * Looks.
   *
   * @param here a folder of a clone, whose commit counts
   * @param folder where {@code flake.nix} is in the clone; empty: at its root
   * @param word what is to be in the name, the system or the triple of each; empty: all of them
   * @throws io.github.flakeferry.model.Failure if there is no commit, its flake can't be evaluated
   *     or has no nixpkgs, or nothing matches
   */
  public static CrossSystems of(Nix nix, Path here, Path folder, String word) {
    SystemPlatform machine = nix.platform();
    CrossTargets targets =
        nix.crossTargets(flake(nix, here, folder)).orElseThrow(Refused::noNixpkgs);
    List<CrossTargets.Target> wanted =
        targets.all().stream().filter(target -> target.matches(word)).toList();
    if (wanted.isEmpty()) {
      throw Refused.noSuchTarget(word, names(targets));
    }
    var known = new HashMap<String, Runs>();
    return new CrossSystems(
        machine,
        targets.release(),
        wanted.stream()
            .map(t -> new Row(t, known.computeIfAbsent(t.system(), s -> runs(s, nix))))
            .toList());
  }

  private static Flake flake(Nix nix, Path here, Path folder) {
    try (var copy = WorkingCopy.around(here).orElseThrow(() -> Refused.noCommitHere(here))) {
      GitRevision commit = copy.head().orElseThrow(() -> Refused.noCommitHere(here));
      return CommittedFlake.of(nix, copy, folder, commit);
    }
  }

  private static Set<String> names(CrossTargets targets) {
    return targets.all().stream().map(CrossTargets.Target::name).collect(Collectors.toSet());
  }

  private static Runs runs(String system, Nix nix) {
    SystemPlatform platform;
    try {
      platform = new SystemPlatform(system);
    } catch (IllegalArgumentException e) {
      return new Runs.Never(); // nothing that Nix builds for
    }
    if (nix.runsNatively(platform)) {
      return new Runs.Natively();
    }
    return Emulation.handlerFor(platform)
        .<Runs>map(handler -> new Runs.Emulated(handler.interpreter()))
        .orElseGet(() -> Emulation.isPossible(platform) ? new Runs.Possibly() : new Runs.Never());
  }

  /** For programs: one line. */
  public String json() {
    ObjectNode root = JSON.createObjectNode().put("machine", machine.value());
    if (!release.isEmpty()) {
      root.put("nixpkgs", release);
    }
    ArrayNode array = root.putArray("targets");
    for (Row row : rows) {
      ObjectNode object =
          array
              .addObject()
              .put("name", row.target().name())
              .put("system", row.target().system())
              .put("triple", row.target().triple());
      switch (row.runs()) {
        case Runs.Natively() -> object.put("runs", "natively");
        case Runs.Emulated(var emulator) -> {
          object.put("runs", "emulated");
          emulator.ifPresent(path -> object.put("emulator", path.toString()));
        }
        case Runs.Possibly() -> object.put("runs", "possibly");
        case Runs.Never() -> object.put("runs", "never");
      }
    }
    return JSON.writeValueAsString(root);
  }
}
