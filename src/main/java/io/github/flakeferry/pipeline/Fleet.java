package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.fleet.SelectorInvalid;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fleet of whoever sits before a working copy: its policy is the working copy's.
 *
 * @param copy absent where the policy is no part of a clone
 */
public record Fleet(Policy policy, Optional<WorkingCopy> copy) implements AutoCloseable {

  /**
   * Reads the policy: this file, or else the one at the usual place of the clone that the folder is
   * in, or of the folder itself.
   *
   * @param config relative to the folder, or absolute
   * @throws io.github.flakeferry.model.Failure if there is none or it has faults
   */
  public static Fleet of(Optional<Path> config, Path folder) {
    Optional<WorkingCopy> copy = WorkingCopy.around(folder);
    try {
      if (config.isPresent()) {
        return new Fleet(read(folder.resolve(config.get()), config.get().toString()), copy);
      }
      Path root = copy.map(WorkingCopy::root).orElse(folder);
      for (String place : PolicyFile.PLACES) {
        if (Files.exists(root.resolve(place))) {
          return new Fleet(read(root.resolve(place), place), copy);
        }
      }
      throw Refused.noPolicyHere(PolicyFile.PLACES, root);
    } catch (RuntimeException e) {
      copy.ifPresent(WorkingCopy::close);
      throw e;
    }
  }

  private static Policy read(Path file, String name) {
    try {
      return PolicyReader.read(name, Files.readString(file));
    } catch (IOException e) {
      throw Refused.unreadablePolicy(file, e);
    }
  }

  /**
   * The clone that the policy is of.
   *
   * @throws io.github.flakeferry.model.Failure if it is of none
   */
  WorkingCopy workingCopy() {
    return copy.orElseThrow(() -> Refused.noCommitHere(Path.of("").toAbsolutePath()));
  }

  /**
   * The commit that is checked out.
   *
   * @throws io.github.flakeferry.model.Failure if there is none
   */
  GitRevision commit() {
    return workingCopy().head().orElseThrow(() -> Refused.noCommitHere(workingCopy().root()));
  }

  /** Says so where somebody might think that what is not committed counts. */
  void warnOfChanges(Progress progress) {
    if (workingCopy().hasChanges()) {
      progress.warn("what is not committed is not in it: this is commit " + commit().abbreviated());
    }
  }

  /**
   * The boards that any of these selectors chooses, in the policy's order; all, where there are no
   * selectors.
   *
   * @throws io.github.flakeferry.model.Failure if one chooses none
   */
  List<BoardPolicy> chosen(List<String> selectors) {
    if (selectors.isEmpty()) {
      return policy.boards();
    }
    var all = new ArrayList<BoardPolicy>();
    for (String text : selectors) {
      List<BoardPolicy> some = matching(text);
      if (some.isEmpty()) {
        throw Refused.noSuchBoard(text, names());
      }
      all.addAll(some);
    }
    return policy.boards().stream().filter(all::contains).toList();
  }

  private List<BoardPolicy> matching(String text) {
    try {
      Selector selector = Selector.parse(text);
      return policy.boards().stream().filter(b -> selector.matches(b.name(), b.tags())).toList();
    } catch (SelectorInvalid e) {
      return List.of();
    }
  }

  /**
   * The board of exactly this name.
   *
   * @throws io.github.flakeferry.model.Failure if there is none
   */
  BoardPolicy named(String name) {
    return policy.boards().stream()
        .filter(b -> b.name().value().equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.noSuchBoard(name, names()));
  }

  /** The environments that a board is in, previews apart. */
  List<EnvironmentPolicy> lasting(BoardPolicy board) {
    return policy.environments().stream()
        .filter(e -> !e.trigger().matchesPullRequest())
        .filter(e -> policy.boardsOf(e).contains(board))
        .toList();
  }

  /** How a board is treated by hand: as the first of these environments wants it. */
  Terms terms(BoardPolicy board, Progress progress) {
    List<EnvironmentPolicy> environments = lasting(board);
    if (environments.isEmpty()) {
      progress.note(board.name() + ": in no environment but previews, so by the usual terms");
      return Terms.DEFAULT;
    }
    if (environments.size() > 1) {
      progress.note(
          "%s: in %s, so by the terms of the first"
              .formatted(
                  board.name(),
                  String.join(", ", environments.stream().map(EnvironmentPolicy::name).toList())));
    }
    return environments.getFirst().terms();
  }

  private List<String> names() {
    return policy.boards().stream().map(b -> b.name().value()).toList();
  }

  @Override
  public void close() {
    copy.ifPresent(WorkingCopy::close);
  }
}
