package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.pipeline.BoardStatus;
import io.github.flakeferry.pipeline.StatusJson;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What is shown of a board that answered; one that is silent is shown where it can be had. */
final class StatusTableTest {
  private static final StorePath NEW =
      StorePath.parse("/nix/store/26wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-unmatched-26.05");
  private static final StorePath OLD =
      StorePath.parse("/nix/store/16wk5k8dgj729bwxwr6xl2a1qz2nm3hd-nixos-system-unmatched-25.11");
  private static final GitRevision COMMIT =
      new GitRevision("0123456789abcdef0123456789abcdef01234567");
  private static final Instant NOW = Instant.parse("2026-11-22T20:00:00Z");
  private static final BoardPolicy BOARD =
      PolicyReader.read(
              "f",
              """
              boards:
                unmatched-1:
                  tags: [riscv64, production]
                  host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO
              """)
          .boards()
          .getFirst();

  @Test
  void aBoardThatIsAsItShouldBeIsOneLine() {
    assertThat(StatusTable.render(List.of(answered(NEW, Optional.empty(), new Drift.Same())), NOW))
        .isEqualTo(
            """
            BOARD        TAGS                SYSTEM    COMMIT    SINCE    BOOTED  DRIFT  FREE     REACHABLE
            unmatched-1  production,riscv64  26wk5k8d  01234567  3 h ago  yes     none   2.0 GiB  yes""");
  }

  @Test
  void aRunThatWasCutShortIsTold() {
    var run =
        new BoardFacts.LastRun(
            "t",
            "activating",
            "",
            "https://forge.example.org/runs/7\u001b[31m",
            COMMIT.value(),
            Optional.of(NEW),
            NOW.minusSeconds(600),
            false,
            "boot-0");
    assertThat(
            StatusTable.render(List.of(answered(OLD, Optional.of(run), new Drift.Behind(3))), NOW))
        .contains("no, and not the default", "3 behind")
        .contains(
            "unmatched-1: cut short by a restart: activating, by https://forge.example.org/runs/7")
        .contains("10 min ago; the next run puts it right")
        .doesNotContain("\u001b");
  }

  @Test
  void aRunThatIsUnderWayIsToldAndOneThatEndedIsNot() {
    var run =
        new BoardFacts.LastRun(
            "t", "waiting", "", "run 7", "", Optional.of(NEW), NOW, true, "boot-1");
    assertThat(
            StatusTable.render(List.of(answered(NEW, Optional.of(run), new Drift.Unknown())), NOW))
        .contains("unmatched-1: under way: waiting, by run 7, 0 s ago");
    var ended =
        new BoardFacts.LastRun(
            "t", "committed", "", "run 7", "", Optional.of(NEW), NOW, false, "boot-1");
    assertThat(
            StatusTable.render(
                List.of(answered(NEW, Optional.of(ended), new Drift.Unknown())), NOW))
        .doesNotContain("run 7");
  }

  @Test
  void asJsonItIsAllThere() {
    JsonNode row =
        new ObjectMapper()
            .readTree(
                StatusJson.render(
                    List.of(answered(NEW, Optional.empty(), new Drift.Behind(3))), NOW))
            .at("/boards/0");
    assertThat(row.path("board").asString()).isEqualTo("unmatched-1");
    assertThat(row.path("reachable").asBoolean()).isTrue();
    assertThat(row.path("current").asString()).isEqualTo(NEW.toString());
    assertThat(row.path("commit").asString()).isEqualTo(COMMIT.value());
    assertThat(row.path("drift").asString()).isEqualTo("behind");
    assertThat(row.path("behind").asInt()).isEqualTo(3);
    assertThat(row.at("/generations/0/number").asInt()).isEqualTo(7);
    assertThat(row.at("/deployed/owner").asString()).isEqualTo("run 6");
  }

  private static BoardStatus answered(
      StorePath current, Optional<BoardFacts.LastRun> lastRun, Drift drift) {
    var facts =
        new BoardFacts(
            "riscv64",
            Optional.of("2.26.3"),
            0,
            false,
            Optional.of(current),
            Optional.of(current),
            Optional.of(NEW),
            Optional.of(NEW),
            List.of(new BoardFacts.Generation(7, NEW, NOW)),
            List.of(),
            Optional.empty(),
            true,
            2L << 30,
            Optional.empty(),
            List.of(),
            1L << 30,
            NOW,
            "boot-1",
            List.of(),
            List.of(),
            Optional.empty(),
            lastRun,
            Optional.of(
                new BoardFacts.Deployed(
                    NEW, Optional.of(COMMIT), "run 6", NOW.minusSeconds(3 * 3600))),
            Optional.empty());
    return new BoardStatus.Answered(BOARD, facts, Optional.of(COMMIT), drift);
  }
}
