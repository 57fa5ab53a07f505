package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.pipeline.Plan.Trial;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is tried of the systems of an event, before any board gets them. */
final class TrialsTest {
  private static final Policy POLICY =
      PolicyReader.read(
          "flakeferry.yml",
          """
          boards:
            a: { host: a, host-key: "KEY", tags: [field], configuration: one }
            b: { host: b, host-key: "KEY", tags: [field], configuration: one }
            c: { host: c, host-key: "KEY", tags: [field], configuration: two }
            d: { host: d, host-key: "KEY", tags: [office], configuration: one }
            e: { host: e, host-key: "KEY", tags: [office], configuration: three }
            lab: { host: lab, host-key: "KEY", tags: [lab], configuration: one }
          environments:
            field: { on: { push: main }, boards: field, smoke: hello }
            office: { on: { push: main }, boards: office }
            preview: { on: pull_request, boards: lab, smoke: [hello, uptime], smoke-timeout: 1m }
          """
              .replace(
                  "KEY",
                  "ssh-ed25519"
                      + " AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO"));
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final Repository REPOSITORY =
      new Repository("octo/boards", URI.create("https://git.example.org/octo/boards"), "main");
  private static final SmokeCommands HELLO =
      new SmokeCommands(List.of("hello"), SmokeCommands.NONE.deadline());
  private static final Trial PREVIEW =
      new Trial("one", new SmokeCommands(List.of("hello", "uptime"), Duration.ofMinutes(1)));

  private static List<Trial> trials(Event event) {
    return ((Plan.Builds) Planner.plan(event, POLICY, Narrowing.NONE)).trials();
  }

  @Test
  void eachConfigurationIsTriedOnceForTheEnvironmentsThatAskForIt() {
    assertThat(trials(new Event.BranchPushed(REPOSITORY, "main", COMMIT)))
        .containsExactly(new Trial("one", HELLO), new Trial("two", HELLO));
    assertThat(trials(new Event.MergeQueued(REPOSITORY, "main", "refs/heads/queue", COMMIT)))
        .containsExactly(new Trial("one", HELLO), new Trial("two", HELLO));
  }

  @Test
  void whatIsOnlyBuiltOfAForkIsTriedAsAPreviewIs() {
    for (HeadTrust trust : HeadTrust.values()) {
      assertThat(trials(new Event.PullRequestUpdated(REPOSITORY, request(trust))))
          .containsExactly(PREVIEW);
    }
  }

  private static PullRequest request(HeadTrust trust) {
    return new PullRequest(12, COMMIT, "topic", trust, false, Set.of());
  }

  @Test
  void whereNothingEmulatesAPlatformAllOfItsSystemsAreNamedAndTheStepIsTold() {
    var machine = new SystemPlatform("x86_64-linux");
    Refused refused = Refused.needsEmulator(List.of(system("one"), system("two")), machine);
    assertThat(refused.reason()).isEqualTo(FailureReason.EVALUATION_FAILED);
    assertThat(refused.problem())
        .isEqualTo(
            "the smoke commands of one (riscv64-linux), two (riscv64-linux) can't run here: this"
                + " machine is x86_64-linux, and has no emulator for them");
    assertThat(refused.advice())
        .contains("docker/setup-qemu-action", "qemu-user-static", "binfmt", "`smoke`");
  }

  private static EvaluatedSystem system(String configuration) {
    var path = StorePath.parse("/nix/store/3rkbykhsh75ml3v5c5jlxsb08pckmdq6-system");
    var riscv = new SystemPlatform("riscv64-linux");
    return new EvaluatedSystem(configuration, path, path, riscv, riscv);
  }
}
