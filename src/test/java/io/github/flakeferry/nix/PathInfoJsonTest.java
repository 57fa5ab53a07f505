package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.nix.PathInfoJson.Known;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PathInfoJsonTest {
  private static final String PATH = "/nix/store/ij2qd05qxxr6kpls95a7kx4agsxlfm4h-a-1.0";
  private static final String FACTS =
      """
      "narHash":"sha256-EFUdrtf6Rn0LWIJufrmg8q99aT3jGfLvd1//zaJEufY=","narSize":120,
      "references":["%s"],"deriver":"/nix/store/ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-a-1.0.drv",
      "ultimate":true
      """
          .formatted(PATH);

  @Test
  void bothFormsOfNixAreTheSame() {
    List<Known> old = PathInfoJson.parse("[{\"path\":\"%s\",%s}]".formatted(PATH, FACTS));
    List<Known> now =
        PathInfoJson.parse(
            "{\"%s\":{\"ca\":null,\"signatures\":[],\"version\":1,%s}}".formatted(PATH, FACTS));
    assertThat(now).isEqualTo(old).hasSize(1);
    assertThat(old.getFirst().builtHere()).isTrue();
    PathInfo info = old.getFirst().info();
    assertThat(info.narSize()).isEqualTo(120);
    assertThat(info.references()).hasSize(1);
    assertThat(info.contentAddress()).isEmpty();
  }

  @Test
  void aPathThatIsNotThereIsAnError() {
    for (String text :
        List.of(
            "[{\"path\":\"%s\",\"valid\":false}]".formatted(PATH),
            "{\"%s\":null}".formatted(PATH),
            "<html>")) {
      assertThatThrownBy(() -> PathInfoJson.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
