package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Wish;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job for each group of boards does what one job for all would have done. */
final class MatrixTest {
  private static final String HOST_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final Repository REPOSITORY =
      new Repository("octo/boards", URI.create("https://git.example.org/octo/boards"), "main");
  private static final Event PUSH = new Event.BranchPushed(REPOSITORY, "main", COMMIT);

  /** What a plan does with one board. */
  private record Part(
      String board, String environment, int wave, String action, String configuration) {}

  private static List<Part> parts(Plan plan) {
    return switch (plan) {
      case Plan.Nothing nothing -> List.of();
      case Plan.BuildOnly buildOnly -> List.of();
      case Plan.Deploy(var source, var boards, var _, var _) ->
          boards.stream().map(MatrixTest::part).toList();
      case Plan.Preview preview -> parts(preview.pools(), "test");
      case Plan.GiveBack giveBack -> parts(giveBack.pools(), "give-back");
      case Plan.Sweep sweep ->
          Stream.concat(
                  parts(sweep.pools(), "give-back").stream(),
                  Stream.concat(sweep.boards().stream(), sweep.released().stream())
                      .map(MatrixTest::part))
              .toList();
    };
  }

  private static Part part(Plan.PlannedBoard planned) {
    return new Part(
        planned.board().name().value(),
        planned.environment().name(),
        planned.wave(),
        planned.action().label(),
        planned.board().configuration());
  }

  private static List<Part> parts(List<Plan.Pool> pools, String action) {
    return pools.stream()
        .flatMap(
            pool ->
                pool.boards().stream()
                    .map(
                        b ->
                            new Part(
                                b.name().value(),
                                pool.environment().name(),
                                0,
                                action,
                                b.configuration())))
        .toList();
  }

  private static List<Event> events(Policy policy) {
    var request =
        new PullRequest(7, COMMIT, "topic", HeadTrust.SAME_REPOSITORY, false, Set.of("lab: t1"));
    return List.of(
        PUSH,
        new Event.TagPushed(REPOSITORY, "v1", COMMIT),
        new Event.ReleasePublished(REPOSITORY, "v1", COMMIT, false),
        new Event.PullRequestUpdated(REPOSITORY, request),
        new Event.PullRequestClosed(REPOSITORY, request),
        new Event.Scheduled(REPOSITORY, COMMIT),
        new Event.Dispatched(
            REPOSITORY,
            "refs/heads/main",
            COMMIT,
            new Wish(
                Optional.of("e0"),
                Optional.of(
                    "t0 | =" + policy.boardsOf(policy.environments().getFirst()).getLast().name()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
  }

  /** Tags that are other boards' names, boards in several environments, any waves. */
  private static Policy anyPolicy(Random random) {
    int boards = 1 + random.nextInt(12);
    var text = new StringBuilder("boards:\n");
    for (int n = 0; n < boards; n++) {
      boolean preview = random.nextInt(4) == 0;
      text.append(
          "  b%d: { host: b%d, host-key: \"%s\", configuration: c%d, tags: [%s, t%d%s] }\n"
              .formatted(
                  n,
                  n,
                  HOST_KEY,
                  random.nextInt(3),
                  preview ? "preview" : "fixed",
                  random.nextInt(3),
                  random.nextBoolean() ? ", b" + (n + 1 + random.nextInt(boards)) : ""));
    }
    text.append("environments:\n");
    String[] triggers = {"push: main", "tag: \"v*\"", "release: \"v*\"", "push: [main, x]"};
    for (int n = 0; n < 4; n++) {
      String[] waves = {"rest", "50%, rest", "t1, rest", "t0, 30%, rest"};
      text.append(
          "  e%d: { on: { %s }, boards: \"fixed%s\", waves: [%s] }\n"
              .formatted(
                  n,
                  triggers[random.nextInt(triggers.length)],
                  random.nextBoolean() ? " & (t0 | t1 | b1)" : "",
                  waves[random.nextInt(waves.length)]));
    }
    text.append("  pool: { on: pull_request, boards: \"preview & !t1\" }\n");
    text.append("  lab: { on: pull_request, boards: \"preview & t1\", label: lab }\n");
    return PolicyReader.read("flakeferry.yml", text.toString());
  }

  private static Optional<Policy> policy(Random random) {
    try {
      return Optional.of(anyPolicy(random));
    } catch (io.github.flakeferry.fleet.PolicyInvalid e) {
      return Optional.empty(); // an environment or a wave without boards
    }
  }

  private static Narrowing narrowing(Matrix.Group group) {
    return new Narrowing(
        Optional.of(group.environment()), Optional.of(Selector.parse(group.selector().toString())));
  }

  @Test
  void theJobOfAGroupHasAPlanOfItsBoardsAlone() {
    var random = new Random(20261126);
    int policies = 0;
    int groups = 0;
    while (policies < 300) {
      Optional<Policy> policy = policy(random);
      if (policy.isEmpty()) {
        continue;
      }
      policies++;
      for (Event event : events(policy.get())) {
        Plan whole = Planner.plan(event, policy.get(), Narrowing.NONE);
        var planned = new ArrayList<Part>();
        for (Matrix.Group group : Matrix.of(whole).groups()) {
          Plan part = Planner.plan(event, policy.get(), narrowing(group));
          assertThat(part).hasSameClassAs(whole);
          assertThat(parts(part))
              .extracting(Part::board)
              .containsExactlyElementsOf(group.boards().stream().map(BoardName::value).toList());
          assertThat(parts(part))
              .allSatisfy(
                  p -> {
                    assertThat(p.environment()).isEqualTo(group.environment());
                    assertThat(p.wave()).isEqualTo(group.wave());
                    assertThat(p.action()).isEqualTo(group.action());
                    assertThat(group.configurations()).contains(p.configuration());
                  });
          planned.addAll(parts(part));
          groups++;
        }
        assertThat(planned).containsExactlyInAnyOrderElementsOf(parts(whole));
      }
    }
    assertThat(groups).isGreaterThan(3000);
  }

  private static Policy large(int boards, String environments, IntFunction<String> board) {
    return PolicyReader.read(
        "flakeferry.yml",
        IntStream.range(0, boards)
                .mapToObj(
                    n ->
                        "  %s, host: h%d, host-key: \"%s\" }\n"
                            .formatted(board.apply(n), n, HOST_KEY))
                .collect(Collectors.joining("", "boards:\n", "environments:\n"))
            + environments);
  }

  private static Plan pushed(Policy policy) {
    return Planner.plan(PUSH, policy, Narrowing.NONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 257, 900})
  void thereAreNeverMoreThanGitHubTakesAndTheWavesKeepTheirOrder(int boards) {
    Policy policy =
        large(
            boards,
            """
              a: { on: { push: main }, boards: x, waves: [canary, "50%", rest] }
              b: { on: { push: main }, boards: y }
            """
                .indent(2),
            n ->
                "n%d: { configuration: c%d, tags: [%s, %s]"
                    .formatted(n, n, n % 2 == 0 ? "x" : "y", n % 10 == 0 ? "canary" : "old"));
    Plan plan = pushed(policy);

    Matrix matrix = Matrix.of(plan);

    assertThat(matrix.groups()).hasSize(256).isEqualTo(Matrix.of(pushed(policy)).groups());
    assertThat(matrix.groups()).extracting(Matrix.Group::environment).isSorted();
    for (String environment : List.of("a", "b")) {
      assertThat(matrix.groups())
          .filteredOn(g -> g.environment().equals(environment))
          .extracting(Matrix.Group::wave)
          .isSortedAccordingTo(Comparator.naturalOrder());
    }
    var seen = new ArrayList<Part>();
    for (Matrix.Group group : matrix.groups()) {
      var own = parts(Planner.plan(PUSH, policy, narrowing(group)));
      // there was no need to mix waves
      assertThat(own).extracting(Part::wave).containsOnly(group.wave());
      seen.addAll(own);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(parts(plan));
  }

  @Test
  void wavesAreMixedOnlyWhereThereAreTooManyOfThem() {
    String waves = IntStream.range(0, 299).mapToObj(n -> "w" + n).collect(Collectors.joining(", "));
    Policy policy =
        large(
            300,
            "  a: { on: { push: main }, boards: \"*\", waves: [%s, rest] }\n".formatted(waves),
            n -> "n%d: { configuration: c, tags: [w%d]".formatted(n, n));

    var groups = Matrix.of(pushed(policy)).groups();

    assertThat(groups).hasSize(256).extracting(Matrix.Group::wave).isSorted();
    assertThat(groups.stream().flatMap(g -> g.boards().stream()).map(BoardName::value))
        .containsExactlyElementsOf(parts(pushed(policy)).stream().map(Part::board).toList());
  }

  @Test
  void wavesWithAPauseBetweenThemAreOneJobs() {
    Policy policy =
        large(
            6,
            """
              a: { on: { push: main }, boards: x, waves: [n4, "30%", rest], wave-pause: 5m }
              b: { on: { push: main }, boards: y, waves: [n1, rest] }
            """
                .indent(2),
            n ->
                "n%d: { configuration: c%d, tags: [%s]"
                    .formatted(n, n % 3, n % 2 == 0 ? "x" : "y"));
    Plan plan = pushed(policy);

    var groups = Matrix.of(plan).groups();

    assertThat(groups)
        .extracting(Matrix.Group::environment, g -> g.boards().size())
        .containsExactly(tuple("a", 3), tuple("b", 1), tuple("b", 1), tuple("b", 1));
    assertThat(parts(Planner.plan(PUSH, policy, narrowing(groups.getFirst()))))
        .containsExactlyElementsOf(
            parts(plan).stream().filter(part -> part.environment().equals("a")).toList())
        .extracting(Part::wave)
        .containsExactly(0, 1, 2);
    assertThat(groups.getFirst().configurations()).containsExactlyInAnyOrder("c0", "c1", "c2");
  }

  @Test
  void moreBoardsThanAJobTakesAreNotCutWhereThereIsAPause() {
    Policy policy =
        large(
            501,
            "  a: { on: { push: main }, boards: \"*\", waves: [n0, rest], wave-pause: 5m }\n",
            "n%d: { configuration: c"::formatted);
    refused(() -> Matrix.of(pushed(policy)), "501 boards");
  }

  @Test
  void aGroupHasNoMoreBoardsThanASelectorHoldsNames() {
    Policy policy =
        large(
            1100,
            "  a: { on: { push: main }, boards: \"*\" }\n",
            n -> "n%d-%s: { configuration: c".formatted(n, "x".repeat(50)));

    var groups = Matrix.of(pushed(policy)).groups();

    assertThat(groups).extracting(g -> g.boards().size()).containsExactly(500, 500, 100);
    assertThat(groups)
        .allSatisfy(
            g -> assertThat(Selector.parse(g.selector().toString())).isEqualTo(g.selector()));
  }

  @Test
  void moreThanGitHubTakesIsRefused() {
    String environments =
        IntStream.range(0, 257)
            .mapToObj(n -> "  e%d: { on: { push: main }, boards: n%d }\n".formatted(n, n))
            .collect(Collectors.joining());
    Plan plan = pushed(large(257, environments, "n%d: { configuration: c"::formatted));
    refused(() -> Matrix.of(plan), "257 boards");

    var longest =
        IntStream.range(0, 100)
            .mapToObj(n -> new Matrix.Group("e", 0, List.of("c".repeat(5000)), "switch", List.of()))
            .toList();
    refused(() -> MatrixJson.render(new Matrix(longest)), "1 MB");
  }

  private static void refused(ThrowingCallable work, String problem) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(FailureReason.USAGE);
              assertThat(refused.problem()).contains(problem);
            });
  }

  @Test
  void isWhatGitHubReads() {
    Policy policy =
        large(
            3,
            "  a: { on: { push: main }, boards: \"*\", waves: [n2, rest], action: boot }\n",
            n -> "n%d: { configuration: c".formatted(n));
    JsonNode json = JsonMapper.shared().readTree(MatrixJson.render(Matrix.of(pushed(policy))));
    assertThat(json)
        .hasToString(
            """
            {"include":[\
            {"environment":"a","wave":0,"configuration":"c","action":"boot","boards":"=n2"},\
            {"environment":"a","wave":1,"configuration":"c","action":"boot","boards":"=n0,n1"}]}""");
  }

  @Test
  void whatDeploysNothingHasNoGroups() {
    assertThat(MatrixJson.render(Matrix.of(new Plan.Nothing("why")))).isEqualTo("{\"include\":[]}");
    var content = new Plan.Content(COMMIT, "refs/pull/7/head", Plan.Proof.OF_ITS_REF);
    assertThat(Matrix.of(new Plan.BuildOnly(content, List.of("c"), List.of(), "a fork")).groups())
        .isEmpty();
  }
}
