package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.UnitChanges;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitLogTest {
  private static UnitChanges read(String log) {
    var units = new UnitLog();
    log.lines().forEach(units::add);
    return units.changes();
  }

  @Test
  void readsWhatNixOsSaysOfAnActivation() {
    assertThat(
            read(
                """
                flakeferry: activating
                stopping the following units: avahi-daemon.service, accounts-daemon.service, old.timer
                NOT restarting the following changed units: systemd-fsck@dev-disk-by\\x2dlabel-ESP.service
                activating the configuration...
                setting up /etc...
                reloading user units for root...
                restarting sysinit-reactivation.target
                reloading the following units: dbus.service
                restarting the following units: nix-daemon.service, sshd.service
                starting the following units: accounts-daemon.service, avahi-daemon.service
                the following new units were started: boot.automount
                flakeferry: waiting
                """))
        .isEqualTo(
            new UnitChanges(
                List.of(
                    "accounts-daemon.service",
                    "avahi-daemon.service",
                    "nix-daemon.service",
                    "sshd.service"),
                List.of("dbus.service"),
                List.of("boot.automount"),
                List.of("old.timer"),
                List.of("systemd-fsck@dev-disk-by\\x2dlabel-ESP.service")));
  }

  @Test
  void readsWhatAnActivationWouldDo() {
    assertThat(
            read(
                """
                would stop the following units: a.service
                would NOT stop the following changed units: b.mount
                would activate the configuration...
                would reload the following units: c.service
                would restart the following units: d.service
                would start the following units: a.service
                """))
        .isEqualTo(
            new UnitChanges(
                List.of("a.service", "d.service"),
                List.of("c.service"),
                List.of(),
                List.of(),
                List.of("b.mount")));
  }

  @Test
  void leavesTheWayBackOut() {
    assertThat(
            read("""
                restarting the following units: a.service
                flakeferry: rolling-back: it was revoked
                restarting the following units: b.service
                """)
                .restarted())
        .containsExactly("a.service");
  }

  @Test
  void takesNothingForAUnitThatIsNone() {
    assertThat(
            read("restarting the following units: a.service, <b>, `x`, [y](z), " + "u".repeat(256)))
        .extracting(UnitChanges::restarted)
        .isEqualTo(List.of("a.service"));
    assertThat(read("so many are the following units: a.service")).isEqualTo(UnitChanges.NONE);
  }

  @Test
  void isBoundedWhateverABoardSays() {
    String many = String.join(", ", Collections.nCopies(100_000, "a.service, b.service"));
    assertThat(read(("starting the following units: " + many + "\n").repeat(3)).started())
        .containsExactly("a.service", "b.service");
    var names = new StringBuilder("starting the following units: x.service");
    for (int i = 0; i < 5000; i++) {
      names.append(", unit-").append(i).append(".service");
    }
    assertThat(read(names.toString()).started()).hasSize(500);
  }
}
