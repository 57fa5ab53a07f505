package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ClosureDifference.Change;
import io.github.flakeferry.model.ClosureDifference.Kind;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.RestartParts;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.UnitChanges;
import io.github.flakeferry.pipeline.BoardDiff;
import io.github.flakeferry.pipeline.UnitForecast;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of boards that answered; those that did not are told where they can be had. */
final class DiffTextTest {
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final StorePath OLD =
      StorePath.parse("/nix/store/16wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-lab-25.11");
  private static final StorePath NEW =
      StorePath.parse("/nix/store/26wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-lab-26.05");
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  private static final List<BoardPolicy> BOARDS =
      PolicyReader.read(
              "f",
              "boards:\n  lab-1: { host-key: %s }\n  lab-2: { host-key: %s }\n".formatted(KEY, KEY))
          .boards();
  private static final ClosureDifference KERNEL =
      new ClosureDifference(
          List.of(
              new Change("linux", Kind.UPGRADED, Optional.of("6.12"), Optional.of("6.18"), 2048)),
          1024,
          3072,
          Optional.of("linux"));
  private static final UnitChanges UNITS =
      new UnitChanges(
          List.of("sshd.service"), List.of(), List.of("new.service"), List.of(), List.of());

  private static BoardDiff known(
      BoardPolicy board, Optional<RestartParts> restart, UnitForecast u) {
    return new BoardDiff.Known(board, OLD, NEW, KERNEL, restart, u);
  }

  @Test
  void boardsWithTheSameChangesAreToldTogether() {
    var restart = Optional.of(new RestartParts(List.of("kernel", "initrd")));
    List<BoardDiff> all =
        BOARDS.stream().map(b -> known(b, restart, new UnitForecast.Known(UNITS))).toList();

    assertThat(DiffText.render(all, COMMIT))
        .isEqualTo(
            """
            commit 01234567 on lab-1, lab-2: 1 package, the kernel among them, +2.0 KiB; 1 unit restarted
              from /nix/store/16wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-lab-25.11
              to /nix/store/26wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-lab-26.05
              It runs the new kernel, initrd only after a restart.
              restarted: sshd.service
              started: new.service
              linux (kernel): 6.12 → 6.18, +2.0 KiB
              in all +2.0 KiB, now 3.0 KiB""");
  }

  @Test
  void whatIsNotKnownIsToldAsThat() {
    var all =
        List.of(
            known(BOARDS.getFirst(), Optional.empty(), new UnitForecast.Unknown("it is far")),
            known(
                BOARDS.getLast(),
                Optional.of(new RestartParts(List.of())),
                new UnitForecast.Known(UnitChanges.NONE)));

    assertThat(DiffText.render(all, COMMIT))
        .containsSubsequence(
            "commit 01234567 on lab-1: 1 package",
            "Whether it needs a restart is not known: its flakeferry-board is older",
            "units are not known: it is",
            "commit 01234567 on lab-2: 1 package",
            "no unit would be touched")
        .doesNotContain("only after a restart");
  }
}
