package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.Attempt;
import io.github.flakeferry.nix.NixSettings.Logins;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NixProgramTest {
  /** Whoever wrote the flake could else name any private repository as an input. */
  @Attempt(
      to = "another repository that a token of `NIX_CONFIG` opens, by an input of a fork's flake",
      got = "asked without it")
  @Test
  void aFlakeThatMayBeAnybodysIsEvaluatedWithoutTheUsersLogins() {
    var program = new NixProgram(NixSettings.DEFAULT.with(Logins.NONE));

    for (List<String> words :
        List.of(program.client().words(), program.nix("eval").words(), program.daemon().words())) {
      assertThat(words)
          .containsSequence("--option", "access-tokens", "")
          .containsSequence("--option", "netrc-file", "/dev/null");
    }
  }

  @Test
  void anyOtherIsEvaluatedWithThem() {
    assertThat(new NixProgram(NixSettings.DEFAULT).client().words())
        .doesNotContain("access-tokens", "netrc-file");
  }
}
