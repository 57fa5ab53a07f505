package io.github.flakeferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.pipeline.HandedOver;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InputsTest {
  @Test
  void aJobThatNeedsNoSecretsReadsNone() {
    var inputs =
        new Inputs(
            Map.of(
                "INPUT_SIGNING-KEY", "no key at all",
                "FLAKEFERRY_SSH_KEY_FILE", "/nowhere",
                "INPUT_CACHE-CREDENTIALS", " ",
                "SSH_AUTH_SOCK", "/nowhere",
                "INPUT_BOARDS", "a | b"));

    assertThat(inputs.secretsGiven()).containsExactly("ssh-key", "signing-key");
    assertThat(inputs.withoutSecrets())
        .isEqualTo(new Inputs(Map.of("FLAKEFERRY_BOARDS", "a | b")).settings());
    assertThatThrownBy(inputs::settings).isInstanceOf(BadInput.class);
  }

  @Test
  void whatIsHandedOverIsNamedByOptionOrInputAndLiesTogether() {
    var inputs = new Inputs(Map.of("INPUT_RECORD", "/handover/record.json"));
    var record = Path.of("/handover/record.json");

    assertThat(inputs.handedOver(Optional.empty(), Optional.empty()))
        .isEqualTo(new HandedOver(record, Path.of("/handover/closure")));
    assertThat(inputs.handedOver(Optional.of(Path.of("/r")), Optional.of(Path.of("/c"))))
        .isEqualTo(new HandedOver(Path.of("/r"), Path.of("/c")));
    var both = new Inputs(Map.of("INPUT_RECORD", "/r", "FLAKEFERRY_CLOSURE", "/c"));
    assertThat(both.handedOver(Optional.empty(), Optional.empty()))
        .isEqualTo(new HandedOver(Path.of("/r"), Path.of("/c")));
  }
}
