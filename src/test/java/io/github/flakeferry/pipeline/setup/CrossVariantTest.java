package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.fleet.CrossPolicy;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.nix.Platforms;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CrossVariantTest {
  private static final SystemPlatform X86 = new SystemPlatform("x86_64-linux");
  private static final SystemPlatform RISCV64 = new SystemPlatform("riscv64-linux");
  private static final String VARIANT = "desk-from-x86_64";

  private static Optional<CrossVariant> of(CrossPolicy cross, String... names) {
    var flake =
        new FlakeLook(
            List.of(names), name -> new Platforms(name.equals(VARIANT) ? X86 : RISCV64, RISCV64));
    return CrossVariant.of(flake, names[0], cross);
  }

  @Test
  void itIsTakenByItselfUnlessThePolicySaysOtherwise() {
    assertThat(of(CrossPolicy.AUTO, "desk", VARIANT)).contains(new CrossVariant.Found(VARIANT));
    assertThat(of(CrossPolicy.OFF, "desk", VARIANT)).contains(new CrossVariant.Unnamed(VARIANT));
    assertThat(of(CrossPolicy.OFF, VARIANT)).contains(new CrossVariant.NotNeeded());
    assertThat(of(CrossPolicy.OFF, "desk"))
        .contains(new CrossVariant.Missing("desk", RISCV64, CrossPolicy.OFF));
  }
}
