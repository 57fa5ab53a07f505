package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A board is added to policies as people write them. */
final class PolicyStylesTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  private static final PolicyText TEXT = new PolicyText("flakeferry.yml");
  private static final List<NewBoard> MORE =
      List.of(
          PolicyTextTest.board("desk", Endpoint.parse("root@desk.lan").orElseThrow()),
          PolicyTextTest.board("true", Endpoint.parse("me@[fe80::1]:2222").orElseThrow()));

  /** Boards, {@code @} for a step of the indentation. */
  private static final List<String> BOARDS =
      List.of(
          "\n@lab-1:\n@@host: lab-1.lan\n@@host-key: KEY\n@@tags: [lab]\n",
          """
           # ours

          # the lab
          @# first
          @'lab-1': # \tstays
          @@"host": lab-1.lan
          @@host-key: KEY
          @@tags:
          @@@- lab
          @lab-2: { host: lab-2.lan, host-key: "KEY", tags: [lab] }
          """,
          " #\ta tab\n@lab-1: { host: lab-1.lan, host-key: KEY, tags: [lab] } # {\n",
          " { lab-1: { host: lab-1.lan, host-key: KEY, tags: [lab] } }\n",
          " { # {\n@lab-1: { host: lab-1.lan, host-key: KEY,\n@@tags: [lab] },\n@}\n",
          "\n@{ lab-1: { host: 'lab-1.lan', host-key: KEY, tags: [lab] } }\n");

  private static final List<String> STARTS =
      List.of("", "\ufeff", "# boards:\n---\n", "parallel: 4\ncaches: []\n");
  private static final List<String> KEYS = List.of("boards:", "\"boards\":", "'boards' :");
  private static final String ENVIRONMENTS =
      "environments:\n  lab: { on: { push: main }, boards: lab } # ends";

  static Stream<String> policies() {
    var all = new ArrayList<String>();
    for (String start : STARTS) {
      for (String key : KEYS) {
        for (String boards : BOARDS) {
          for (int step : new int[] {1, 2, 3, 4, 8}) {
            String block = key + boards.replace("@", " ".repeat(step)).replace("KEY", KEY);
            // boards at the end, too, and no end of the last line
            for (String text :
                List.of(
                    block + ENVIRONMENTS + "\n",
                    block + ENVIRONMENTS,
                    ENVIRONMENTS + "\n" + block,
                    ENVIRONMENTS + "\n" + block.strip())) {
              all.add(start + text);
              all.add((start + text).replace("\n", "\r\n"));
            }
          }
        }
      }
    }
    return all.stream();
  }

  @Test
  void aBoardIsAddedInAnyStyleAndAllElseStays() {
    assertThat(policies())
        .hasSize(2880)
        .allSatisfy(
            text -> {
              String now = TEXT.with(text, MORE, "main");
              Policy before = PolicyReader.read("old", text);
              Policy policy = PolicyReader.read("new", now);
              assertThat(policy.environments()).isEqualTo(before.environments());
              assertThat(policy.boards()).endsWith(before.boards().toArray(BoardPolicy[]::new));
              assertThat(policy.boards())
                  .extracting(board -> board.name().value())
                  .startsWith("desk", "true")
                  .hasSize(before.boards().size() + 2);
              assertThat(policy.boards().get(1).address().host()).isEqualTo("fe80::1");
              // in one piece: what was there is before it and behind it
              assertThat(text).startsWith(now.substring(0, common(text, now)));
              assertThat(now).endsWith(text.substring(common(text, now)));
              assertThat(now.replace("\r\n", "").contains("\n")).isEqualTo(!text.contains("\r\n"));
            });
  }

  /** How many chars both begin with. */
  private static int common(String one, String other) {
    int n = 0;
    while (n < one.length() && one.charAt(n) == other.charAt(n)) {
      n++;
    }
    return n;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "", "\r\n", " # the end"})
  void aPolicyWithoutEnvironmentsGetsOne(String end) {
    String text =
        "boards:%s  lab-1: { host: lab-1.lan, host-key: %s }%s"
            .formatted(end.isBlank() && !end.isEmpty() ? end : "\n", KEY, end);
    Policy policy = PolicyReader.read("new", TEXT.with(text, MORE, "trunk"));
    assertThat(policy.boards()).hasSize(3);
    assertThat(policy.environments()).hasSize(1);
    assertThat(policy.environments().getFirst().trigger().matchesBranch("trunk")).isTrue();
    assertThat(policy.boardsOf(policy.environments().getFirst())).hasSize(2);
  }

  static Stream<String> unusual() {
    return Stream.of(
            "? boards\n: lab-1:\n    host: lab-1.lan\n    host-key: KEY\n    tags: [lab]\n"
                + ENVIRONMENTS,
            "boards:\n  lab-1: { host: lab-1.lan, host-key: KEY }\n...\n")
        .map(text -> text.replace("KEY", KEY));
  }

  @ParameterizedTest
  @MethodSource("unusual")
  void whatCantBeAddedToIsRefusedWithTheLines(String text) {
    assertThat(PolicyReader.read("old", text).boards()).hasSize(1);
    assertThatExceptionOfType(SetupRefused.class)
        .isThrownBy(() -> TEXT.with(text, MORE, "main"))
        .satisfies(
            e ->
                assertThat(e.advice())
                    .contains("boards:\n  desk:\n    configuration: unmatched\n")
                    .contains("    tags: [riscv64, production]\n"));
  }

  @Test
  void aBoardThatWouldBeAFaultIsRefusedWithIt() {
    String text =
        """
        boards:
          lab-1: { host: DESK.lan, host-key: KEY }
        """
            .replace("KEY", KEY);
    assertThatExceptionOfType(SetupRefused.class)
        .isThrownBy(() -> TEXT.with(text, MORE, "main"))
        .satisfies(e -> assertThat(e.problem()).contains("has the same host and port as"));
  }
}
