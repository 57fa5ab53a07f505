package io.github.flakeferry.nix;

import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.TemporaryFolder;
import io.github.flakeferry.support.nar.Nar;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.Wait;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Everything the rest of us asks of Nix. All methods run Nix's own programs, throw {@link
 * NixMissing} where there are none, and end them when the thread is interrupted ({@link
 * java.io.InterruptedIOException} inside {@link java.io.UncheckedIOException}).
 */
public final class Nix {
  private static final String FLAKE = "flake.nix";

  private final NixProgram program;
  private final Progress progress;
  private Optional<Machine> machine = Optional.empty();

  /** Nothing is run yet. */
  public Nix(NixSettings settings, Progress progress) {
    this.program = new NixProgram(settings);
    this.progress = progress;
  }

  /** Whether code of flakes is evaluated by root, since there is no user of its own for that. */
  public static boolean evaluatesAsRoot() {
    return Quarters.areRoots();
  }

  /**
   * The store that outlives this container, or the daemon outside of it, in words: what is built
   * there may be taken for what it says it is by later runs. Empty where the store is the
   * container's own, and where we are in none of ours.
   */
  public static Optional<String> sharedStore() {
    return Quarters.sharedStore();
  }

  /**
   * A folder for links that keep what is built or fetched from the collector.
   *
   * @param purpose a word for its name
   * @throws IOException if it can't be made
   */
  public static TemporaryFolder rootsFolder(String purpose) throws IOException {
    return Roots.folder(purpose, sharedStore().isPresent(), Roots.OF_THE_STORE);
  }

  /** What this machine's Nix builds for natively. */
  public SystemPlatform platform() {
    return machine().platform();
  }

  /** Whether programs of this platform run on this machine, if need be by emulation. */
  public boolean runs(SystemPlatform other) {
    return runsNatively(other) || Emulation.runs(other);
  }

  /** Whether Nix takes it that programs of this platform run on this machine as they are. */
  public boolean runsNatively(SystemPlatform other) {
    return machine().runs(other);
  }

  /** The file with this machine's logins for downloads; there may be none. */
  public Path netrc() {
    return machine().netrc();
  }

  private synchronized Machine machine() {
    if (machine.isEmpty()) {
      machine = Optional.of(Machine.ask(program));
    }
    return machine.get();
  }

  /**
   * The flake of a checkout.
   *
   * @param checkout a working tree that is at this commit
   * @param folder where the flake is in it, relative to it; empty: at its root
   * @param submodules whether Nix is to see the content of submodules, which are checked out
   * @throws EvaluationFailed if there is no flake
   */
  public Flake flake(Path checkout, Path folder, GitRevision revision, boolean submodules) {
    var flake = there(new Flake(checkout, folder, new Flake.Version.Commit(revision), submodules));
    if (submodules) {
      SubmoduleTree.make(checkout);
    }
    return flake;
  }

  /**
   * The flake of a commit that a clone has, whatever its working tree has. The content of
   * submodules is not in it.
   *
   * @param folder where the flake is in it, relative to its root; empty: there
   * @param has whether the commit contains a file, by its path from the root
   * @throws EvaluationFailed if there is no flake
   */
  public Flake flakeOfCommit(Path clone, Path folder, GitRevision revision, Predicate<Path> has) {
    var flake = new Flake(clone, folder, new Flake.Version.Commit(revision), false);
    if (!has.test(folder.resolve(FLAKE))) {
      throw Evaluator.noFlake(flake);
    }
    return flake;
  }

  /**
   * The flake of a folder that somebody works in, as its files are now.
   *
   * @param folder where the flake is in it, relative to it; empty: at its root
   * @param tracked whether it is a clone with a commit: then only the files that Git knows count
   * @throws EvaluationFailed if there is no flake
   */
  public Flake flakeOf(Path working, Path folder, boolean tracked) {
    return there(
        new Flake(
            working,
            folder,
            tracked ? new Flake.Version.Tracked() : new Flake.Version.AllFiles(),
            false));
  }

  private static Flake there(Flake flake) {
    if (!Files.isRegularFile(flake.checkout().resolve(flake.folder()).resolve(FLAKE))) {
      throw Evaluator.noFlake(flake);
    }
    return flake;
  }

  /**
   * The names in the flake's {@code nixosConfigurations}, sorted. None of them is evaluated.
   *
   * @throws EvaluationFailed if the flake can't be evaluated or has no such output
   */
  public List<String> configurations(Flake flake) {
    try (var _ = Wait.begin("evaluating the flake", progress)) {
      return new Evaluator(program).configurations(flake);
    }
  }

  /**
   * Evaluates a configuration, once, and writes its derivations to the store.
   *
   * @throws EvaluationFailed if the flake has none of this name, or it can't be evaluated
   */
  public EvaluatedSystem evaluate(Flake flake, String configuration) {
    try (var _ = evaluating(configuration)) {
      return new Evaluator(program).evaluate(flake, configuration);
    }
  }

  /**
   * The platforms of a configuration, for which less is evaluated than for {@link #evaluate}.
   *
   * @throws EvaluationFailed as there
   */
  public Platforms platforms(Flake flake, String configuration) {
    try (var _ = evaluating(configuration)) {
      return new Evaluator(program).platforms(flake, configuration);
    }
  }

  private Wait evaluating(String configuration) {
    return Wait.begin("evaluating " + configuration, progress);
  }

  /**
   * What the flake's own nixpkgs can cross-compile for.
   *
   * @return empty where none of its inputs and configurations has a nixpkgs
   * @throws EvaluationFailed if the flake can't be evaluated
   */
  public Optional<CrossTargets> crossTargets(Flake flake) {
    try (var _ = Wait.begin("evaluating the flake's nixpkgs", progress)) {
      return CrossTargets.of(flake, program);
    }
  }

  /** Whether this machine or one of its remote builders builds for a platform. */
  public boolean buildsFor(SystemPlatform platform) {
    return machine().buildable().contains(platform.value());
  }

  /** All platforms that {@link #buildsFor} is true of, the machine's own first. */
  public List<String> buildable() {
    String own = machine().platform().value();
    return Stream.concat(
            Stream.of(own), machine().buildable().stream().filter(p -> !p.equals(own)).sorted())
        .toList();
  }

  /** Nix's version, {@code 2.26.3}. */
  public String version() {
    return program.version();
  }

  /**
   * The room for what is built and fetched; empty where that comes to lie on another machine, or
   * nobody can say.
   */
  public Optional<StoreRoom> room() {
    return machine().ownStore() ? StoreRoom.now(machine().frugal()) : Optional.empty();
  }

  /** What would be built and fetched to have these systems. Nothing is, yet. */
  public Forecast forecast(List<EvaluatedSystem> systems) {
    return new DryRun(program)
        .of(systems.stream().map(EvaluatedSystem::derivation).distinct().toList());
  }

  /**
   * What would have to be built, since no substituter has it, but neither this machine nor its
   * remote builders can: they lack the platform. None, with a warning, where a daemon outside of
   * this container builds: nobody here knows what it can.
   */
  public List<ForeignDerivation> foreignDerivations(Forecast forecast) {
    return DryRun.foreign(forecast, machine(), progress);
  }

  /**
   * Fetches those of the systems that a substituter has with all that they refer to; the others
   * stay to be built.
   *
   * @param rootsFolder as for {@link #build}
   * @param before is told what will be fetched, where Nix knows, before it is
   */
  public void fetch(List<EvaluatedSystem> systems, Path rootsFolder, Consumer<Forecast> before) {
    new Builder(program, progress).fetch(systems, rootsFolder, before);
  }

  /**
   * Builds or fetches systems. What can be built is, even when something else fails. No process of
   * a builder is left when it returns, where builders are users of their own in a container.
   *
   * @param rootsFolder made if need be; links in it keep the systems from being collected as
   *     garbage until they are deleted
   * @param ended takes each derivation whose building has come to an end, well or not, as soon as
   *     it has; called on the thread that reads Nix's log, which it must not hold up
   * @throws BuildFailed if something did not build
   */
  public void build(List<EvaluatedSystem> systems, Path rootsFolder, Consumer<StorePath> ended) {
    try {
      new Builder(program, progress).build(systems, rootsFolder, ended);
    } finally {
      Quarters.clear();
    }
  }

  /**
   * Runs the smoke commands of systems that are built, as builders: those of other platforms by
   * emulation, and without network where Nix can make its sandbox. No process of them is left when
   * it returns, where builders are users of their own in a container.
   *
   * @param tests of systems that are kept from the collector, and whose programs run here
   * @throws SmokeFailed with all that failed
   */
  public void smoke(List<SmokeTest> tests) {
    try {
      new Smoke(program, machine(), progress).run(tests);
    } finally {
      Quarters.clear();
    }
  }

  /**
   * What is amiss with what a board runs first of a system that is in this machine's store: not for
   * its processor, or without its interpreter. Empty where all is well.
   */
  public static List<String> firstTroubles(EvaluatedSystem system) {
    return FirstPrograms.troubles(system.toplevel().path(), system.hostPlatform());
  }

  /** Whether builds are kept from the network and from this machine's files. */
  public boolean hasSandbox() {
    return machine().sandbox();
  }

  /** Whether the machine's own settings let people use flakes; ours do in any case. */
  public boolean enablesFlakes() {
    return Stream.of(program.plain("config", "show"), program.plain("show-config")) // before 2.20
        .flatMap(command -> program.run(command).output().lines())
        .anyMatch(line -> line.matches("experimental-features = (.* )?flakes( .*)?"));
  }

  /**
   * A path of this machine's store with all that it refers to.
   *
   * @throws NixFailed if the store does not have it
   */
  public List<PathInfo> closure(StorePath root) {
    return closure(List.of(root));
  }

  /**
   * Paths of this machine's store with all that they refer to, each once.
   *
   * @throws NixFailed if the store lacks one
   */
  public List<PathInfo> closure(Collection<StorePath> roots) {
    return new Store(program).closure(roots);
  }

  /**
   * What this machine's store has built at some time of all that these derivations need, with what
   * it refers to.
   *
   * @param sources whether what was fetched with a known hash is among it for its own sake
   * @throws NixFailed if the store doesn't tell
   */
  public List<PathInfo> builtBefore(Collection<StorePath> derivations, boolean sources) {
    return new Store(program).builtBefore(derivations, sources);
  }

  /**
   * The derivations that made those of these paths which this machine's store has built itself.
   *
   * @throws NixFailed if the store lacks one
   */
  public List<StorePath> madeHere(Collection<PathInfo> paths) {
    return new Store(program).madeHere(paths);
  }

  /**
   * What these derivations have made, as far as this machine's store has it. What only its content
   * gives a name to is not among it.
   *
   * @throws NixFailed if the store doesn't tell
   */
  public List<Output> outputs(Collection<StorePath> derivations) {
    return new Store(program).outputs(derivations);
  }

  /**
   * Writes what the builder of a derivation printed when it was built last, for {@link
   * io.github.flakeferry.model.LogSource}.
   *
   * @return whether this machine has a log of it
   * @throws IOException if it can't be read, or the stream not be written
   */
  public boolean writeLog(StorePath derivation, OutputStream to) throws IOException {
    return new Store(program).writeLog(derivation, to);
  }

  /**
   * Brings paths and all that they refer to into this machine's store, without any signature; Nix
   * holds each NAR against its narinfo.
   *
   * @param cache a folder that is a cache
   * @param linkFolder made if need be; links in it keep the paths from being collected as garbage
   * @throws NixFailed if the folder lacks a path or a NAR is damaged, or if this user may not
   *     import what nobody signed
   */
  public void importFrom(Path cache, Collection<StorePath> roots, Path linkFolder) {
    new Store(program).importFrom(cache, roots, linkFolder);
  }

  /** Those that this machine's store has not. */
  public Set<StorePath> missing(Collection<StorePath> paths) {
    return new Store(program).missing(paths);
  }

  /**
   * Fetches what substituters have of these, with all that it refers to; that one has it not, or
   * there is none, is no failure.
   */
  public void substitute(Collection<StorePath> paths) {
    new Store(program).substitute(paths);
  }

  /**
   * Keeps a path from being collected as garbage for as long as the link is there.
   *
   * @param link a symbolic link to be made, its folder exists
   * @throws NixFailed if the store does not have the path
   */
  public void keep(StorePath path, Path link) {
    new Store(program).keep(path, link);
  }

  /** Reads paths of this machine's store, straight from its files. */
  public static ContentSource contents() {
    return (path, to) -> Nar.write(path.path(), to);
  }

  /**
   * What differs between two systems' closures, by package, sorted by name.
   *
   * @param now its root is in this machine's store; else nothing tells which package is its kernel
   */
  public static ClosureDifference difference(Closure old, Closure now) {
    return Comparison.of(old, now, Store.kernel(now.root()));
  }
}
