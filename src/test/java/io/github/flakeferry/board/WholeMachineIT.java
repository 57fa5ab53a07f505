package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.SystemBuilder.Built;
import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import io.github.flakeferry.testbed.WholeMachine;
import io.github.flakeferry.testbed.WholeMachine.Systems;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole riscv64 machine: its restarts, and power cuts that lose what was not synced. */
@Tag("riscv64")
class WholeMachineIT {
  // the first time it goes no further, and says so
  private static final String STOPS =
      "[ -e /var/stopped ] || {"
          + " touch /var/stopped; sync /var/stopped; echo it stops >/dev/console; sleep 10000; }";
  private static final String BEFORE_LOADER =
      "{ system.preSwitchChecks = \"[ $1 != boot ] || %s\"; }".formatted(STOPS);
  // what the supervisor syncs once the boot loader's files are written
  private static final String AFTER_LOADER =
      "{ boot.extraInstallCommands = \"sync; %s\"; }".formatted(STOPS);

  private static Testbed bed;
  private static SystemBuilder systems;

  private final BoardFixture progress = new BoardFixture();

  @BeforeAll
  static void prepare() throws IOException {
    bed = Testbed.prepare(Progress.SILENT);
    systems = new SystemBuilder(bed.folder());
  }

  @AfterAll
  static void end() {
    bed.close();
  }

  private static Deployment switchTo(WholeMachine machine, Built built) {
    Deployment deployment =
        BoardFixture.deployment(
            machine.address(), BoardAction.SWITCH, Optional.of(built), Optional.empty());
    return BoardFixture.within(
        BoardFixture.at(deployment, machine.address(), machine.platform()),
        Duration.ofMinutes(5),
        Duration.ofMinutes(2));
  }

  private BoardResult deploy(WholeMachine machine, Built built) {
    return deploy(machine, built, RebootTerms.NEVER);
  }

  private BoardResult deploy(WholeMachine machine, Built built, RebootTerms reboot) {
    Deployment deployment = switchTo(machine, built);
    try (var boards = new Boards(machine.key(), SystemBuilder.contents(), progress)) {
      return boards.deploy(deployment.terms(deployment.terms().reboot(reboot)));
    }
  }

  private static RebootTerms ifNeeded(boolean unprotected) {
    return new RebootTerms(RebootTerms.When.IF_NEEDED, unprotected, Duration.ofMinutes(10));
  }

  private static void runsAndBoots(WholeMachine machine, StorePath system) throws IOException {
    Systems found = machine.systems();
    assertThat(found.current()).isEqualTo(system);
    assertThat(found.profile()).isEqualTo(system);
    assertThat(bootDefault(machine)).isEqualTo(system + "/init");
  }

  private static String bootDefault(WholeMachine machine) throws IOException {
    String entry =
        machine.run("sed -n '/^LABEL nixos-default$/,/^$/p' /boot/extlinux/extlinux.conf").output();
    return entry.replaceAll("(?s).* init=(\\S+).*", "$1");
  }

  @Test
  void aKernelOfAnotherStorePathIsBootedByARestartWhereThatIsAllowed() throws IOException {
    Built first = systems.cross(Variation.FIRST, "");
    Built otherKernel = systems.cross(Variation.FIRST.kernel("6.12.2"), "");
    try (WholeMachine machine = bed.startMachine("restarted")) {
      StorePath factory = machine.currentSystem();
      BoardResult deployed = deploy(machine, first, ifNeeded(false));

      assertThat(deployed.outcome()).as(deployed.message()).isEqualTo(Outcome.DEPLOYED);
      assertThat(deployed.message())
          .contains("kernel, initrd, kernel-modules, dtbs", "unprotected-reboot: true");
      assertThat(machine.run("cat /run/hello").output()).isEqualTo("Hello from your board\n");
      Systems before = machine.systems();
      assertThat(before.current()).isEqualTo(first.system());
      assertThat(before.booted()).isEqualTo(factory);

      BoardResult result = deploy(machine, otherKernel, ifNeeded(true));

      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DEPLOYED);
      Systems after = machine.systems();
      assertThat(after.booted()).isEqualTo(otherKernel.system());
      assertThat(after.bootId()).isNotEqualTo(before.bootId());
      runsAndBoots(machine, otherKernel.system());
    }
  }

  @Test
  void thePowerIsCutBeforeTheProfileIsSet() throws Exception {
    Built wanted = systems.cross(Variation.FIRST, "");
    try (WholeMachine machine = bed.startMachine("before-profile")) {
      StorePath factory = machine.currentSystem();
      // as another nix-env would
      machine
          .run(
              """
              lock=/nix/var/nix/profiles/system.lock
              systemd-run --quiet --setenv=PATH="$PATH" flock $lock sleep 10000
              while flock -n $lock true; do sleep 0.1; done
              """)
          .orThrow();
      FutureTask<BoardResult> running = begin(machine, wanted);
      progress.await("committing");
      machine.powerCut();
      machine.start();

      assertThat(machine.systems().booted()).isEqualTo(factory);
      runsAndBoots(machine, factory);
      becomes(machine, running, Outcome.ROLLED_BACK, Outcome.DEPLOYED, wanted);
    }
  }

  @Test
  void thePowerIsCutBetweenProfileAndBootLoader() throws Exception {
    Built wanted = systems.cross(Variation.FIRST, BEFORE_LOADER);
    try (WholeMachine machine = bed.startMachine("before-loader")) {
      StorePath factory = machine.currentSystem();
      FutureTask<BoardResult> running = begin(machine, wanted);
      machine.awaitConsole("it stops");
      machine.powerCut();
      machine.start();

      Systems found = machine.systems();
      assertThat(found.booted()).isEqualTo(factory);
      assertThat(found.current()).isEqualTo(factory);
      becomes(machine, running, Outcome.ROLLED_BACK, Outcome.DEPLOYED, wanted);
    }
  }

  @Test
  void thePowerIsCutBetweenBootLoaderAndTheEndOfTheCommit() throws Exception {
    Built wanted = systems.cross(Variation.FIRST, AFTER_LOADER);
    try (WholeMachine machine = bed.startMachine("after-loader")) {
      FutureTask<BoardResult> running = begin(machine, wanted);
      machine.awaitConsole("it stops");
      machine.powerCut();
      machine.start();

      assertThat(machine.systems().booted()).isEqualTo(wanted.system());
      becomes(machine, running, Outcome.DEPLOYED, Outcome.UNCHANGED, wanted);
    }
  }

  private FutureTask<BoardResult> begin(WholeMachine machine, Built built) {
    return BoardIT.begin(() -> deploy(machine, built));
  }

  // the run that was cut off tells the truth, and the next one succeeds
  private void becomes(
      WholeMachine machine,
      FutureTask<BoardResult> cutOff,
      Outcome told,
      Outcome toldNext,
      Built wanted)
      throws Exception {
    BoardResult result = cutOff.get(10, TimeUnit.MINUTES);
    assertThat(result.outcome()).as(result.message()).isEqualTo(told);
    assertThat(result.message()).contains("restart");
    BoardResult second = deploy(machine, wanted);
    assertThat(second.outcome()).as(second.message()).isEqualTo(toldNext);
    runsAndBoots(machine, wanted.system());
    assertThat(machine.run("cat /nix/var/flakeferry/runs/*/state").output())
        .contains("state committed");
  }
}
