package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A plan cut into groups of boards, each for a job of its own. A job whose inputs narrow the policy
 * to a group's environment and boards has a plan of exactly these boards.
 *
 * @param groups in the plan's order: environment by environment, wave by wave
 */
public record Matrix(List<Group> groups) {
  /** Jobs that a matrix of GitHub's may have. */
  static final int MOST_GROUPS = 256;

  /** More boards make a selector that is longer than one may be. */
  static final int MOST_BOARDS = 500;

  public Matrix {
    groups = List.copyOf(groups);
  }

  /**
   * Boards of one environment; of one wave and one configuration, where that does not make too many
   * groups and the policy wants no pause between waves. Pull requests share a pool of boards, which
   * is one group.
   *
   * @param wave the first one, from 0
   * @param configurations what the boards run, each once
   * @param action what is done with them, {@code give-back} included
   */
  record Group(
      String environment,
      int wave,
      List<String> configurations,
      String action,
      List<BoardName> boards) {
    Group {
      configurations = List.copyOf(configurations);
      boards = List.copyOf(boards);
    }

    /** These boards and no other. */
    Selector selector() {
      return new Selector.Names(new TreeSet<>(boards));
    }

    private Group and(Group next) {
      return new Group(
          environment,
          wave,
          Stream.concat(configurations.stream(), next.configurations.stream()).distinct().toList(),
          action,
          Stream.concat(boards.stream(), next.boards.stream()).toList());
    }

    private boolean takes(Group next) {
      return environment.equals(next.environment)
          && action.equals(next.action)
          && boards.size() + next.boards.size() <= MOST_BOARDS;
    }
  }

  /**
   * The same plan gives the same groups. What deploys nothing has none.
   *
   * @throws Refused if there are too many boards for a matrix
   */
  public static Matrix of(Plan plan) {
    List<Group> groups =
        switch (plan) {
          case Plan.Nothing nothing -> List.of();
          case Plan.BuildOnly buildOnly -> List.of();
          case Plan.Deploy(var source, var boards, var _, var _) -> groups(boards);
          case Plan.Preview(var source, var number, var pools) -> pools(pools, "test");
          case Plan.GiveBack(var head, var number, var pools) -> pools(pools, "give-back");
          case Plan.Sweep(var source, var pools, var boards, var released) ->
              Stream.of(pools(pools, "give-back"), groups(boards), groups(released))
                  .flatMap(List::stream)
                  .toList();
        };
    List<Group> merged = merge(groups);
    if (merged.size() > MOST_GROUPS
        || merged.stream().anyMatch(group -> group.boards().size() > MOST_BOARDS)) {
      throw Refused.tooLargeForAMatrix(
          merged.stream().mapToInt(group -> group.boards().size()).sum());
    }
    return new Matrix(merged);
  }

  private static List<Group> pools(List<Plan.Pool> pools, String action) {
    return pools.stream()
        .map(
            pool ->
                new Group(
                    pool.environment().name(),
                    0,
                    pool.boards().stream().map(BoardPolicy::configuration).distinct().toList(),
                    action,
                    pool.boards().stream().map(BoardPolicy::name).toList()))
        .toList();
  }

  /**
   * What boards of one group share.
   *
   * @param part absent where a job has to have all waves: only it can watch one before the next
   */
  private record Key(String environment, String action, Optional<Part> part) {
    private record Part(int wave, String configuration) {}

    static Key of(Plan.PlannedBoard planned) {
      return new Key(
          planned.environment().name(),
          planned.action().label(),
          planned.environment().wavePause().isPositive()
              ? Optional.empty()
              : Optional.of(new Part(planned.wave(), planned.board().configuration())));
    }

    /** One group where the waves belong together, however many boards that are. */
    Stream<Group> groups(List<Plan.PlannedBoard> boards) {
      int most = part.isPresent() ? MOST_BOARDS : boards.size();
      return IntStream.iterate(0, from -> from < boards.size(), from -> from + most)
          .mapToObj(from -> boards.subList(from, Math.min(boards.size(), from + most)))
          .map(this::group);
    }

    private Group group(List<Plan.PlannedBoard> boards) {
      return new Group(
          environment,
          boards.getFirst().wave(),
          boards.stream().map(planned -> planned.board().configuration()).distinct().toList(),
          action,
          boards.stream().map(planned -> planned.board().name()).toList());
    }
  }

  private static List<Group> groups(List<Plan.PlannedBoard> boards) {
    var byKey = new LinkedHashMap<Key, List<Plan.PlannedBoard>>();
    for (Plan.PlannedBoard planned : boards) {
      byKey.computeIfAbsent(Key.of(planned), k -> new ArrayList<>()).add(planned);
    }
    return byKey.entrySet().stream().flatMap(e -> e.getKey().groups(e.getValue())).toList();
  }

  /** Neighbours become one: those of one wave before others, the smallest first. */
  private static List<Group> merge(List<Group> groups) {
    var merged = new ArrayList<>(groups);
    while (merged.size() > MOST_GROUPS) {
      int best = -1;
      int leastCost = Integer.MAX_VALUE;
      for (int at = 0; at + 1 < merged.size(); at++) {
        Group group = merged.get(at);
        Group next = merged.get(at + 1);
        int cost =
            group.boards().size()
                + next.boards().size()
                + (group.wave() == next.wave() ? 0 : 2 * MOST_BOARDS);
        if (group.takes(next) && cost < leastCost) {
          best = at;
          leastCost = cost;
        }
      }
      if (best < 0) {
        break;
      }
      merged.set(best, merged.get(best).and(merged.remove(best + 1)));
    }
    return merged;
  }
}
