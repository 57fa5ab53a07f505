package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@code flakeferry diff}: what the commit that is checked out would change on boards, against what
 * they run or against something else. Its systems are built here, unless a cache has them.
 */
public final class Diff {
  private final Fleet fleet;
  private final WorkingCopy copy;
  private final GitRevision commit;
  private final Settings settings;
  private final Progress progress;

  /**
   * @throws io.github.flakeferry.model.Failure if the fleet's is no clone with a commit
   */
  public Diff(Fleet fleet, Settings settings, Progress progress) {
    this.fleet = fleet;
    this.copy = fleet.workingCopy();
    this.commit = fleet.commit();
    this.settings = settings;
    this.progress = progress;
  }

  /** The commit whose systems are the new ones. */
  public GitRevision commit() {
    return commit;
  }

  /**
   * Compares with what boards run. Nothing of a board changes, unless it is sent the system.
   *
   * @param selectors names, or selectors over names and tags; none: all boards
   * @param bring whether boards are sent what they lack of their systems, so that they can tell
   *     what would happen to their units; else those tell it that have theirs already
   * @return one for each board, in the policy's order
   * @throws io.github.flakeferry.model.Failure if a selector chooses none, a system can't be had,
   *     or boards can't be sent it signed as a run signs it
   */
  public List<BoardDiff> againstBoards(List<String> selectors, SshIdentity login, boolean bring) {
    List<BoardPolicy> chosen = fleet.chosen(selectors);
    if (bring) {
      requireKey();
    }
    int parallel = fleet.policy().parallel();
    try (var boards = Work.boards(login, fleet.policy(), Audience.TRUSTED, settings, progress)) {
      Function<BoardPolicy, Seen> look = board -> Seen.of(boards, board);
      List<Seen> all = AtOnce.each(chosen, parallel, look, look);
      List<BoardPolicy> answered =
          all.stream().filter(seen -> seen instanceof Seen.Answered).map(Seen::board).toList();
      if (answered.isEmpty()) {
        return all.stream()
            .flatMap(seen -> seen instanceof BoardDiff silent ? Stream.of(silent) : Stream.empty())
            .toList();
      }
      return built(
          roots -> {
            Systems systems = build(roots).of(commit, configurations(answered));
            var change = new BoardChange(fleet, systems, settings, commit, bring, progress);
            Function<Seen, BoardDiff> compare = seen -> change.of(seen, boards);
            return AtOnce.each(all, parallel, compare, compare);
          });
    }
  }

  /**
   * Compares with another commit, or with a system in this machine's store. No board is asked.
   *
   * @param selectors as above
   * @param what a branch, a tag or a commit; or a path of the store, or a link that leads there,
   *     which has a slash at its begin or after dots
   * @return as above
   * @throws io.github.flakeferry.model.Failure as above, and if there is no such thing
   */
  public List<BoardDiff> against(List<String> selectors, String what) {
    List<BoardPolicy> chosen = fleet.chosen(selectors);
    if (what.matches("\\.{0,2}/.*")) {
      var nix = new Nix(NixSettings.DEFAULT, progress);
      StorePath path = PathPublication.roots(nix, List.of(Path.of(what))).getFirst();
      Closure old = Closure.of(path, nix.closure(path));
      return built(roots -> compared(chosen, build(roots), board -> old));
    }
    GitRevision other = copy.find(what).orElseThrow(() -> Refused.noSuchCommit(what));
    return built(
        roots -> {
          Systems before = build(roots).of(other, configurations(chosen));
          return compared(chosen, build(roots), board -> closure(before, board));
        });
  }

  private List<BoardDiff> compared(
      List<BoardPolicy> boards, LocalBuild build, Function<BoardPolicy, Closure> before) {
    Systems systems = build.of(commit, configurations(boards));
    return boards.stream()
        .<BoardDiff>map(board -> compared(board, before.apply(board), closure(systems, board)))
        .toList();
  }

  private static BoardDiff compared(BoardPolicy board, Closure old, Closure now) {
    return new BoardDiff.Known(
        board,
        old.root(),
        now.root(),
        Nix.difference(old, now),
        Optional.of(RestartParts.between(BootFiles.parts(old.root()), BootFiles.parts(now.root()))),
        new UnitForecast.Unknown("only a board tells it, and none is asked with --against"));
  }

  private static Closure closure(Systems systems, BoardPolicy board) {
    var system = systems.of(board.configuration());
    return Closure.of(system.toplevel(), systems.closure(system));
  }

  // what a board has stays unsigned, and the run that deploys it would be refused for that
  private void requireKey() {
    boolean isSigned =
        fleet.policy().cachesFor(Audience.TRUSTED).stream()
            .anyMatch(cache -> cache.through().isEmpty());
    if (isSigned && settings.signingKey().isEmpty()) {
      throw Refused.missingSecret("there is no key to sign what boards are sent", "signing-key");
    }
  }

  private static List<String> configurations(List<BoardPolicy> boards) {
    return boards.stream().map(BoardPolicy::configuration).distinct().toList();
  }

  private LocalBuild build(Path roots) {
    return new LocalBuild(fleet.policy(), copy, settings, roots, progress);
  }

  private List<BoardDiff> built(Function<Path, List<BoardDiff>> work) {
    fleet.warnOfChanges(progress);
    try (var roots = Nix.rootsFolder("diff")) {
      return work.apply(roots.path());
    } catch (IOException e) {
      throw new UncheckedIOException("a temporary folder can't be made", e);
    }
  }
}
