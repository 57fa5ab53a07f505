package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The bytes, written by hand from the protocol's description; SwitchIT talks to the real one. */
class ServeProtocolTest {
  private static final StorePath PATH = new StorePath("0".repeat(32), "abc");
  private static final String GREETING = "cbee525400000000" + "0702000000000000";

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private ServeProtocol answering(String hex) {
    return connected(GREETING + hex);
  }

  private ServeProtocol connected(String hex) {
    return new ServeProtocol(new ByteArrayInputStream(HexFormat.of().parseHex(hex)), sent);
  }

  private String sentHex() {
    return HexFormat.of().formatHex(sent.toByteArray());
  }

  @Test
  void theGreetingGoesAlongWithTheFirstRequest() throws IOException {
    ServeProtocol protocol = connected(GREETING + "0000000000000000");

    protocol.greet();

    assertThat(sentHex()).isEqualTo("eb9d0c3900000000" + "0702000000000000");
    assertThat(protocol.validPaths(List.of(PATH))).isEmpty();
  }

  @Test
  void anotherProgramIsTold() {
    assertThatExceptionOfType(ServeProtocol.Mismatch.class)
        .isThrownBy(
            () -> connected("48656c6c6f20796f" + "0702000000000000").validPaths(List.of(PATH)))
        .withMessageContaining("answers with 0x");
  }

  @Test
  void anOlderProtocolThanAddToStoreNarIsTold() {
    assertThatExceptionOfType(ServeProtocol.Mismatch.class)
        .isThrownBy(() -> connected("cbee525400000000" + "0402000000000000").awaitAdded())
        .withMessageContaining("version 2.4");
  }

  @Test
  void validPathsAreAskedForWithALockAndRead() throws IOException {
    String path = "2f6e69782f73746f72652f" + "30".repeat(32) + "2d616263";
    String text = "2f00000000000000" + path + "00";

    var valid = answering("0100000000000000" + text).validPaths(List.of(PATH));

    assertThat(valid).containsExactly(PATH);
    assertThat(sentHex())
        .isEqualTo(
            "0100000000000000" // QueryValidPaths
                + "0100000000000000" // lock
                + "0000000000000000" // no substitutes
                + "0100000000000000"
                + text);
  }

  @Test
  void moreThanAnyStoreHasIsNotRead() {
    assertThatExceptionOfType(ServeProtocol.Mismatch.class)
        .isThrownBy(() -> answering("ffffffffffffff7f").validPaths(List.of(PATH)));
    assertThatExceptionOfType(ServeProtocol.Mismatch.class)
        .isThrownBy(
            () -> answering("0100000000000000" + "ffffff7f00000000").validPaths(List.of(PATH)));
  }

  @Test
  void anAnnouncementEndsWithSignaturesAndContentAddress() throws IOException {
    var info =
        new PathInfo(
            PATH,
            Sha256.of(new byte[32]),
            120,
            new TreeSet<>(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    answering("").announce(info);

    assertThat(sentHex())
        .startsWith("0900000000000000")
        .endsWith(
            "4000000000000000"
                + "30".repeat(64) // the hash in base 16
                + "0000000000000000" // no references
                + "0000000000000000" // registered now
                + "7800000000000000" // size of the NAR
                + "0000000000000000" // not ultimate
                + "0000000000000000" // no signatures
                + "0000000000000000"); // not content-addressed
  }

  @Test
  void anEndWithoutAnAnswerIsNoSuccess() {
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> answering("").awaitAdded());
  }
}
