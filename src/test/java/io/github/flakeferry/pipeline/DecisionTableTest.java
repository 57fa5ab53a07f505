package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.Docs;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Wish;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each event means: the table in the README, row by row. */
final class DecisionTableTest {
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final Repository REPOSITORY =
      new Repository("octo/boards", URI.create("https://git.example.org/octo/boards"), "main");
  private static final String MAIN = "refs/heads/main";
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host: a.lan, host-key: "%1$s", tags: [staging] }
            b: { host: b.lan, host-key: "%1$s", tags: [production, canary] }
            c: { host: c.lan, host-key: "%1$s", tags: [production] }
            d: { host: d.lan, host-key: "%1$s", tags: [production] }
            e: { host: e.lan, host-key: "%1$s", tags: [production] }
            p: { host: p.lan, host-key: "%1$s", tags: [preview], configuration: unmatched }
            q: { host: q.lan, host-key: "%1$s", tags: [lab, riscv64] }
            r: { host: r.lan, host-key: "%1$s", tags: [lab, aarch64] }
            s: { host: s.lan, host-key: "%1$s", tags: [rehearsal] }
          environments:
            staging: { on: { push: [main, "try/*", maintenance] }, boards: staging }
            rehearsal: { on: { push: [try/next, maintenance] }, boards: rehearsal }
            production:
              on: { release: "v*" }
              boards: production
              waves: [canary, "50%%", rest]
            candidates: { on: { prerelease: "v*" }, boards: c }
            nightly: { on: { tag: [nightly, "n*"] }, boards: production, action: boot }
            preview: { on: pull_request, boards: preview }
            lab: { on: pull_request, boards: lab, label: lab }
          """
              .formatted(
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));

  /**
   * A row.
   *
   * @param what the event in words, as in the README
   * @param means what is done, as in the README
   * @param plan the plan in short: see {@link #shown}
   */
  record Row(String what, String means, Event event, String plan) {
    @Override
    public String toString() {
      return "| %s | %s |".formatted(what, means);
    }
  }

  private static PullRequest request(HeadTrust trust, boolean draft, String... labels) {
    return new PullRequest(12, COMMIT, "topic", trust, draft, Set.of(labels));
  }

  private static PullRequest ours(String... labels) {
    return request(HeadTrust.SAME_REPOSITORY, false, labels);
  }

  private static Event asked(String ref, Wish wish) {
    return new Event.Dispatched(REPOSITORY, ref, COMMIT, wish);
  }

  private static Wish wish(String environment, Optional<Long> pullRequest) {
    return new Wish(
        Optional.of(environment),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        pullRequest,
        pullRequest.map(n -> COMMIT));
  }

  private static Event updated(PullRequest request) {
    return new Event.PullRequestUpdated(REPOSITORY, request);
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "push to the default branch",
            "builds, publishes and deploys to the environments whose `push` fits",
            new Event.BranchPushed(REPOSITORY, "main", COMMIT),
            "deploy OF_ITS_REF a:staging:switch:0"),
        new Row(
            "push to another branch that a `push` names",
            "the same",
            new Event.BranchPushed(REPOSITORY, "maintenance", COMMIT),
            "deploy OF_ITS_REF a:staging:switch:0 s:rehearsal:switch:0"),
        new Row(
            "push to a branch that only fits a pattern",
            "the same, if the default branch contains the commit",
            new Event.BranchPushed(REPOSITORY, "try/it", COMMIT),
            "deploy ON_DEFAULT_BRANCH a:staging:switch:0"),
        new Row(
            "push to a branch that one environment names, and another's pattern fits",
            "the same for the one; for the other, if the default branch contains the commit",
            new Event.BranchPushed(REPOSITORY, "try/next", COMMIT),
            "deploy ON_DEFAULT_BRANCH a:staging:switch:0 s:rehearsal:switch:0"
                + " or else OF_ITS_REF s:rehearsal:switch:0"),
        new Row(
            "push to any other branch",
            "nothing",
            new Event.BranchPushed(REPOSITORY, "docs", COMMIT),
            "nothing: a push to docs deploys to no environment of the policy"),
        new Row(
            "tag that a `tag` names or fits",
            "deploys; a tag that only fits must be on the default branch",
            new Event.TagPushed(REPOSITORY, "n42", COMMIT),
            "deploy ON_DEFAULT_BRANCH b:nightly:boot:0 c:nightly:boot:0 d:nightly:boot:0"
                + " e:nightly:boot:0"),
        new Row(
            "tag of a release",
            "nothing: the release is an event of its own",
            new Event.TagPushed(REPOSITORY, "v1", COMMIT),
            "nothing: the tag v1 deploys to no environment of the policy"),
        new Row(
            "release published",
            "deploys wave by wave where a `release` fits, from the default branch",
            new Event.ReleasePublished(REPOSITORY, "v1", COMMIT, false),
            "deploy ON_DEFAULT_BRANCH b:production:switch:0 c:production:switch:1"
                + " d:production:switch:1 e:production:switch:2"),
        new Row(
            "pre-release published",
            "deploys where a `prerelease` fits",
            new Event.ReleasePublished(REPOSITORY, "v2-rc1", COMMIT, true),
            "deploy ON_DEFAULT_BRANCH c:candidates:switch:0"),
        new Row(
            "pull request opened, reopened, pushed to, ready for review",
            "builds, publishes to the pull requests' cache, tries it on a board of each environment",
            updated(ours()),
            "preview OF_ITS_REF 12 preview:p"),
        new Row(
            "the same with a label that an environment wants",
            "a board of that environment too",
            updated(ours("lab")),
            "preview OF_ITS_REF 12 preview:p lab:q,r"),
        new Row(
            "the same with a label such as `lab: riscv64`",
            "one of the boards that the label selects",
            updated(ours("lab: riscv64", "bug")),
            "preview OF_ITS_REF 12 preview:p lab:q"),
        new Row(
            "the same from a fork, from a deleted repository or by Dependabot",
            "builds without secrets; publishes and deploys nothing",
            updated(request(HeadTrust.UNTRUSTED, false, "lab")),
            "build unmatched,q,r"),
        new Row(
            "the same as a draft",
            "builds only",
            updated(request(HeadTrust.SAME_REPOSITORY, true)),
            "build unmatched,q,r"),
        new Row(
            "label added that an environment wants",
            "tries it there",
            new Event.PullRequestLabeled(REPOSITORY, ours("lab"), Optional.of("lab")),
            "preview OF_ITS_REF 12 lab:q,r"),
        new Row(
            "label removed that an environment wants",
            "gives that environment's boards back",
            new Event.PullRequestLabeled(REPOSITORY, ours(), Optional.of("lab: riscv64")),
            "give-back 12 lab:q,r"),
        new Row(
            "labels changed, by a forge that does not say which",
            "tries it where it has a label now",
            new Event.PullRequestLabeled(REPOSITORY, ours("lab"), Optional.empty()),
            "preview OF_ITS_REF 12 lab:q,r"),
        new Row(
            "the same where it has none now",
            "gives the boards back that want one",
            new Event.PullRequestLabeled(REPOSITORY, ours(), Optional.empty()),
            "give-back 12 lab:q,r"),
        new Row(
            "any other label",
            "nothing",
            new Event.PullRequestLabeled(REPOSITORY, ours("bug"), Optional.of("bug")),
            "nothing: the label bug means nothing to the policy"),
        new Row(
            "pull request converted to a draft",
            "gives the boards back",
            new Event.PullRequestDrafted(REPOSITORY, request(HeadTrust.SAME_REPOSITORY, true)),
            "give-back 12 preview:p lab:q,r"),
        new Row(
            "pull request closed, merged or not",
            "gives the boards back; it is no push",
            new Event.PullRequestClosed(REPOSITORY, ours()),
            "give-back 12 preview:p lab:q,r"),
        new Row(
            "the same of a fork, a deleted repository or Dependabot",
            "nothing: such a run has no keys; the next scheduled one gives back what was lent by hand",
            new Event.PullRequestClosed(REPOSITORY, request(HeadTrust.UNTRUSTED, false)),
            "nothing: pull request 12 comes from a fork or a bot, whose runs have no secrets: if it"
                + " was lent a board by hand, the next scheduled run gives it back"),
        new Row(
            "merge group",
            "builds what a push to the branch would deploy",
            new Event.MergeQueued(REPOSITORY, "main", "refs/heads/gh-readonly-queue/x", COMMIT),
            "build a"),
        new Row(
            "started by hand",
            "deploys to the environment that is named what the branch or tag has",
            asked(MAIN, wish("production", Optional.empty())),
            "deploy OF_ITS_REF b:production:switch:0 c:production:switch:1 d:production:switch:1"
                + " e:production:switch:2"),
        new Row(
            "started by hand on another branch",
            "the same, if the default branch contains the commit or the policy names the branch",
            asked("refs/heads/topic", wish("production", Optional.empty())),
            "deploy ON_DEFAULT_BRANCH b:production:switch:0 c:production:switch:1"
                + " d:production:switch:1 e:production:switch:2"),
        new Row(
            "started by hand on the default branch, with a pull request and its head's commit",
            "tries it, also a fork's, if the commit is the present head",
            asked(MAIN, wish("preview", Optional.of(12L))),
            "preview PRESENT_HEAD 12 preview:p"),
        new Row(
            "schedule",
            "looks after leases, waiting pull requests, and boards that were offline",
            new Event.Scheduled(REPOSITORY, COMMIT),
            "sweep OF_ITS_REF preview:p lab:q,r a:staging:switch:0 s:rehearsal:switch:0"
                + " b:production:switch:0 c:production:switch:1 d:production:switch:1 e:production:switch:2"
                + " c:candidates:switch:0 b:nightly:boot:0 c:nightly:boot:0 d:nightly:boot:0"
                + " e:nightly:boot:0"),
        new Row(
            "`pull_request_target`, `workflow_run`, `issue_comment`",
            "nothing: such a run has secrets, whoever wrote the code",
            new Event.Meaningless(REPOSITORY, "a run for the event workflow_run has secrets"),
            "nothing: a run for the event workflow_run has secrets"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anEventMeansWhatTheTableSays(Row row) {
    assertThat(shown(Planner.plan(row.event(), POLICY, Narrowing.NONE))).isEqualTo(row.plan());
  }

  @Test
  void theReadmeHasTheTable() throws IOException {
    String table =
        Stream.concat(
                Stream.of("| event | what happens |", "|---|---|"),
                rows().stream().map(Row::toString))
            .collect(Collectors.joining("\n"));
    assertThat(Docs.text(Docs.POLICY)).contains(table);
  }

  /** Kind, proof, number; boards as name:environment:action:wave, pools as environment:boards. */
  private static String shown(Plan plan) {
    return switch (plan) {
      case Plan.Nothing(var why) -> "nothing: " + why;
      case Plan.BuildOnly(var _, var configurations, var _, var _) ->
          "build " + String.join(",", configurations);
      case Plan.Deploy(var source, var boards, var _, var unmerged) ->
          "deploy "
              + source.proof()
              + boards(boards)
              + unmerged.map(left -> shown(left).replaceFirst("deploy", " or else")).orElse("");
      case Plan.Preview(var source, var number, var pools) ->
          "preview " + source.proof() + " " + number + pools(pools);
      case Plan.GiveBack(var _, var number, var pools) -> "give-back " + number + pools(pools);
      case Plan.Sweep(var source, var pools, var boards, var released) ->
          "sweep " + source.proof() + pools(pools) + boards(boards) + boards(released);
    };
  }

  private static String boards(List<Plan.PlannedBoard> boards) {
    return boards.stream()
        .map(
            b ->
                " %s:%s:%s:%d"
                    .formatted(
                        b.board().name(), b.environment().name(), b.action().label(), b.wave()))
        .collect(Collectors.joining());
  }

  private static String pools(List<Plan.Pool> pools) {
    return pools.stream()
        .map(
            pool ->
                pool.boards().stream()
                    .map(b -> b.name().value())
                    .collect(Collectors.joining(",", " " + pool.environment().name() + ":", "")))
        .collect(Collectors.joining());
  }

  @Test
  void inputsNarrowAndNeverWiden() {
    var release = new Event.ReleasePublished(REPOSITORY, "v1", COMMIT, false);
    var few = new Narrowing(Optional.empty(), Optional.of(Selector.parse("c | a | p")));
    assertThat(shown(Planner.plan(release, POLICY, few)))
        .isEqualTo("deploy ON_DEFAULT_BRANCH c:production:switch:1");
    var staging = new Narrowing(Optional.of("staging"), Optional.empty());
    assertThat(Planner.plan(release, POLICY, staging)).isInstanceOf(Plan.Nothing.class);
    Wish onlyD =
        new Wish(
            Optional.of("production"),
            Optional.of("canary | d"),
            Optional.of(BoardAction.DRY_ACTIVATE),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var narrow = new Narrowing(Optional.empty(), Optional.of(Selector.parse("d")));
    assertThat(shown(Planner.plan(asked(MAIN, onlyD), POLICY, narrow)))
        .isEqualTo("deploy OF_ITS_REF d:production:dry-activate:1");
  }

  @Test
  void anActionOfTheInputsIsMilderThanThePolicysOrRefused() {
    var release = new Event.ReleasePublished(REPOSITORY, "v1", COMMIT, false);
    var few = Optional.of(Selector.parse("c"));
    assertThat(shown(Planner.plan(release, POLICY, doing(few, BoardAction.TEST))))
        .isEqualTo("deploy ON_DEFAULT_BRANCH c:production:test:1");
    var request =
        rows().stream()
            .filter(
                row -> Planner.plan(row.event(), POLICY, Narrowing.NONE) instanceof Plan.Preview)
            .findFirst()
            .orElseThrow();
    var same = doing(Optional.empty(), BoardAction.TEST);
    assertThat(Planner.plan(request.event(), POLICY, same)).isInstanceOf(Plan.Preview.class);
    for (BoardAction other : List.of(BoardAction.SWITCH, BoardAction.DRY_ACTIVATE)) {
      assertThatThrownBy(
              () -> Planner.plan(request.event(), POLICY, doing(Optional.empty(), other)))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("the input action");
    }
  }

  private static Narrowing doing(Optional<Selector> boards, BoardAction action) {
    return new Narrowing(Optional.empty(), boards, Optional.of(action));
  }

  @Test
  void theSameInputGivesTheSamePlan() {
    for (Row row : rows()) {
      assertThat(PlanJson.render(Planner.plan(row.event(), POLICY, Narrowing.NONE)))
          .isEqualTo(PlanJson.render(Planner.plan(row.event(), POLICY, Narrowing.NONE)))
          .startsWith("{\"kind\":\"" + row.plan().split("[ :]")[0]);
    }
  }

  private static Wish pullRequest(String environment, Optional<GitRevision> commit) {
    return new Wish(
        Optional.of(environment),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(12L),
        commit);
  }

  private static Wish action(String environment, BoardAction action) {
    return new Wish(
        Optional.of(environment),
        Optional.empty(),
        Optional.of(action),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void whatThePolicyDoesNotAllowIsRefusedInWords() {
    var commit = Optional.of(COMMIT);
    refused(
        asked("refs/heads/topic", pullRequest("preview", commit)), "only by the workflow of main");
    refused(
        asked("refs/tags/main", pullRequest("preview", commit)), "only by the workflow of main");
    refused(asked(MAIN, pullRequest("preview", Optional.empty())), "input commit", "in full");
    refused(asked(MAIN, pullRequest("production", commit)), "production is not for pull requests");
    refused(asked(MAIN, wish("preview", Optional.empty())), "input pull-request");
    refused(asked(MAIN, wish("produktion", Optional.empty())), "no environment 'produktion'");
    refused(asked(MAIN, Wish.NONE), "not clear which environment", "production");
    refused(asked(MAIN, action("nightly", BoardAction.SWITCH)), "input action", "boot");
    refused(asked(MAIN, boards("c &")), "input boards");
    refused(
        asked(MAIN, boards("canray")),
        "the input boards: no board of production matches 'canray'; did you mean 'canary'?",
        "Its boards: b, c, d, e");
    refused(asked(MAIN, boards("a")), "no board of production matches 'a'");
  }

  private static Wish boards(String selector) {
    return new Wish(
        Optional.of("production"),
        Optional.of(selector),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void refused(Event event, String... words) {
    assertThatThrownBy(() -> Planner.plan(event, POLICY, Narrowing.NONE))
        .isInstanceOfSatisfying(
            Refused.class,
            e -> {
              assertThat(e.reason()).isEqualTo(FailureReason.USAGE);
              assertThat(e.problem() + " " + e.advice()).contains(words);
            });
  }

  @Test
  void aLabelThatIsNoSelectorIsTold() {
    var labOnly = new Narrowing(Optional.of("lab"), Optional.empty());
    assertThat(shown(Planner.plan(updated(ours("lab: &&")), POLICY, labOnly)))
        .startsWith("nothing: pull request 12 gets no board: its label is no selector");
    assertThat(shown(Planner.plan(updated(ours("lab: staging")), POLICY, labOnly)))
        .isEqualTo("nothing: pull request 12 gets no board: it has no label lab that chooses one");
  }
}
