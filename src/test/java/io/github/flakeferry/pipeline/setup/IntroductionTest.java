package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.board.KnownHosts;
import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.pipeline.setup.Introduction.Met;
import io.github.flakeferry.support.progress.Progress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntroductionTest {
  private static final HostKey ONE =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO");
  private static final HostKey OTHER =
      HostKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr2wEvHkZD9hUpA4KZMLZHWKcdfsiIWCcLh66ZDyzfr");
  private static final Endpoint BOARD = Endpoint.parse("root@[fe80::1]:2222").orElseThrow();

  private static Introduction naming(Dialog dialog, HostKey... named) {
    return new Introduction(
        dialog,
        new KnownHosts(List.of()),
        List.of(named).stream().map(key -> new NamedKey(key.fingerprint())).toList(),
        Optional.empty(),
        _ -> ONE,
        Progress.SILENT);
  }

  @Test
  void aKeyThatWasNamedCountsUnasked() {
    var dialog = new Script();
    assertThat(naming(dialog, ONE).with(new Met(BOARD, ONE)).hostKey()).isEqualTo(ONE);
    assertThat(dialog.said()).contains("  It is the one that you named.");
  }

  @Test
  void aKeyThatWasNamedAndNobodyShowsIsRefused() {
    Introduction introduction = naming(new Script(), OTHER);
    assertThatThrownBy(
            () -> introduction.refuseUnshown(List.of(introduction.meet(BOARD)), List.of()))
        .isInstanceOfSatisfying(
            SetupRefused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.HOST_KEY))
        .hasMessage(
            "the host key that was named is %s, and nothing was written: %s shows ssh-ed25519 %s"
                .formatted(OTHER.fingerprint(), BOARD, ONE.fingerprint()));
  }

  @Test
  void eachKeyThatWasNamedIsThatOfSomeBoard() {
    Introduction introduction = naming(new Script(), ONE, OTHER);
    List<Met> met = List.of(introduction.meet(BOARD));
    assertThatCode(() -> introduction.refuseUnshown(met, List.of(OTHER)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> introduction.refuseUnshown(List.of(), List.of(OTHER)))
        .hasMessage("no board that was named has the host key " + ONE.fingerprint());
  }

  @ParameterizedTest
  @CsvSource({
    "ssh-ed25519, ssh_host_ed25519_key.pub",
    "ssh-rsa, ssh_host_rsa_key.pub",
    "ecdsa-sha2-nistp256, ssh_host_ecdsa_key.pub",
  })
  void theBoardIsAskedForTheKeyOfThisKind(String type, String file) {
    var dialog = new Script("y");
    naming(dialog).with(new Met(BOARD, new HostKey(type, ONE.base64())));
    assertThat(dialog.said()).anyMatch(line -> line.contains("`ssh-keygen -lf /etc/ssh/" + file));
  }

  @Test
  void whatConfirmsAKeyIsALineForAShell() {
    Introduction introduction = naming(new Script("n"));
    assertThatThrownBy(() -> introduction.with(new Met(BOARD, ONE)))
        .isInstanceOfSatisfying(
            SetupRefused.class,
            e ->
                assertThat(e.advice())
                    .endsWith(
                        "flakeferry init 'root@[fe80::1]:2222' --host-key " + ONE.fingerprint()));
  }
}
