package io.github.flakeferry.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RulesTest {
  private static final String KEY =
      """
      -----BEGIN OPENSSH PRIVATE KEY-----
      b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ
      -----END OPENSSH PRIVATE KEY-----
      """;
  private static final Rules RULES =
      new Rules(List.of(KEY, "demo-1:c2VjcmV0c2VjcmV0c2VjcmV0", "ghs_0123456789", "short"));

  private static List<String> ofProgram(int exit, String text) {
    return RULES.ofProgram("run", exit, text, Set.of("run")).faults();
  }

  private static List<String> ofFailure(String problem, String advice) {
    return RULES.ofFailure(new Failure(FailureCode.BUILD, problem, advice) {}).faults();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | all is well",
        "3 | error FF-0301: the policy has faults",
        "6 | ::error::FF-0601: hello did not build",
        "8 | lab-1: FF-0801: it can't be reached",
        "9 | lab-1: rolled back: FF-1001: it failed",
        "143 | cancelled",
      })
  void whatShowsItsCodeIsWell(int exit, String text) {
    assertThat(ofProgram(exit, text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | the policy has faults",
        "3 | FF-0601: another one's",
        "0 | error: something",
        "0 | error something",
        "0 | ::error::something",
        "0 | Exception in thread \"main\" java.lang.Error",
        "0 | the token ghs_0123456789 is wrong",
        "0 | c2VjcmV0c2VjcmV0c2VjcmV0",
      })
  void whatDoesNotIsFound(int exit, String text) {
    assertThat(ofProgram(exit, text)).hasSize(1);
  }

  @Test
  void aStackTraceIsFoundUnlessItWasAskedFor() {
    String trace = "oops\n\tat io.github.flakeferry.cli.Main.main(Main.java:10)";
    assertThat(ofProgram(0, trace)).hasSize(1);
    assertThat(RULES.ofProgram("run", 0, trace, Set.of("run", "--stacktrace")).faults()).isEmpty();
  }

  @Test
  void whatOthersWroteNeedsNoCode() {
    assertThat(ofProgram(0, "::stop-commands::abc\nerror: theirs\n::error::theirs\n::abc::\nours"))
        .isEmpty();
    assertThat(ofProgram(0, "::stop-commands::abc\ntheirs\n::abc::\nerror: ours")).hasSize(1);
  }

  @Test
  void aSecretMayBeMaskedAndNothingElse() {
    assertThat(ofProgram(0, "::add-mask::ghs_0123456789")).isEmpty();
    assertThat(ofProgram(0, "::add-mask::x\nkey: b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"))
        .containsExactly("a secret");
  }

  @Test
  void aFailureSaysSomethingAndNothingThatHelpsNobody() {
    assertThat(ofFailure("hello did not build", "See /dev/null.")).isEmpty();
    assertThat(ofFailure(" ", "")).containsExactly("says nothing");
    assertThat(ofFailure("null did not build", "")).hasSize(1);
    assertThat(ofFailure("it did not build", "\tat x.Y.z(Y.java:3)")).hasSize(1);
    assertThat(ofFailure("a", "the token is ghs_0123456789")).containsExactly("a secret");
  }
}
