package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamedKeyTest {
  private static final String KEY =
      "AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  // ssh-keygen -lf
  private static final String FINGERPRINT = "SHA256:tI8sGvdFvmVDx8mqlc9gHRnICEZE5JsJUyYXDBLfTi8";

  @ParameterizedTest
  @ValueSource(
      strings = {
        FINGERPRINT,
        FINGERPRINT + "=",
        "256 " + FINGERPRINT + " root@desk (ED25519)",
        "  " + FINGERPRINT + "\n",
        KEY,
        "ssh-ed25519 " + KEY,
        "ssh-ed25519 " + KEY + " root@desk",
        "desk.lan ssh-ed25519 " + KEY,
      })
  void itIsFoundInWhateverLineShowsIt(String text) {
    assertThat(NamedKey.parse(text)).contains(new NamedKey(FINGERPRINT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "desk.lan",
        "SHA256:",
        "SHA256:short",
        "sha256:ieZ+uzT4XcyQ1ssdhYFRgjHrODKHqPMNTXDYUlV5S8I",
        FINGERPRINT + "x",
        "MD5:2f:6a:4c:9e:1b:c4:e5:9d:0f:63:0e:72:ed:cc:f0:58",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 " + KEY + "=",
        "ssh-ed25519 " + KEY + "…",
      })
  void whatIsNeitherIsNothing(String text) {
    assertThat(NamedKey.parse(text)).isEmpty();
  }
}
