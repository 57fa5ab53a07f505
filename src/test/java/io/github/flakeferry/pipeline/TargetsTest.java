package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetsTest {
  @ParameterizedTest
  @CsvSource({
    "https://cache.example.org/boards, true",
    "http://10.0.0.7:8080, true",
    "http://[2001:db8::7]/, true",
    "file:///var/cache/boards, false",
    "http://localhost:8080/, false",
    "http://127.0.0.1/, false",
    "http://[::1]/, false",
  })
  void aBoardIsOnlySentToCachesThatItMayReach(URI cache, boolean reachable) {
    assertThat(Targets.isReachable(cache)).isEqualTo(reachable);
  }
}
