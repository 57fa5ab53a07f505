package io.github.flakeferry.nix.quarters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostStoreTest {
  private static final List<String> OWN =
      List.of(
          "1 0 0:1 / / rw,relatime - overlay overlay rw",
          "2 1 0:2 / /proc rw - proc proc rw",
          "3 1 8:1 /nixon /nixon rw - ext4 /dev/sda1 rw");

  @ParameterizedTest
  @ValueSource(strings = {"", "auto", "local", "  "})
  void theContainersOwn(String remote) {
    assertThat(HostStore.of(remote, false, OWN).inWords()).isEmpty();
  }

  @Test
  void aDaemonThatWasNamed() {
    var store = HostStore.of("unix:///host/socket", false, OWN);
    assertThat(store.remote()).contains("unix:///host/socket");
    assertThat(store.inWords().orElseThrow()).contains("NIX_REMOTE=unix:///host/socket");
  }

  @Test
  void aDaemonAtTheUsualPlace() {
    assertThat(HostStore.of("", true, OWN).remote()).contains("daemon");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nix", "/nix/store", "/nix/var/nix/daemon-socket"})
  void whatIsMounted(String point) {
    var store =
        HostStore.of("", false, List.of(OWN.getFirst(), "4 1 8:1 /x " + point + " rw - ext4 x rw"));
    assertThat(store.remote()).isEmpty();
    assertThat(store.inWords()).contains("a store that is mounted at " + point);
  }
}
