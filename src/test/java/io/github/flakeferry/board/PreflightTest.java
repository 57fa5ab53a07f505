package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.model.terms.LeaseTerms;
import io.github.flakeferry.model.terms.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final GitRevision NEWER = new GitRevision("c".repeat(40));
  private static final StorePath SYSTEM = StorePath.parse(FactsReaderTest.SYSTEM);
  private static final SigningKey KEY = SigningKey.generate("cache-1");
  private static final PathInfo INFO =
      new PathInfo(
          SYSTEM,
          Sha256.of(new byte[32]),
          1 << 20,
          new TreeSet<>(),
          Optional.empty(),
          Optional.empty(),
          List.of());
  private static final String IDLE =
      FactsReaderTest.WHOLE.replace("\"alive\":true", "\"alive\":false");

  private static Deployment deployment(BoardAction action, Optional<LeaseTerms> lease) {
    boolean back = action == BoardAction.GIVE_BACK;
    return new Deployment(
        new BoardName("unmatched-1"),
        new BoardAddress(
            "unmatched-1.lan", 22, "root", List.of(), List.of(new HostKey("ssh-ed25519", "AAAA"))),
        action,
        back
            ? new Wanted.OfProfile()
            : new Wanted.Incoming(
                SYSTEM,
                new SystemPlatform("riscv64-linux"),
                List.of(INFO),
                List.of(),
                List.of(),
                List.of()),
        Terms.DEFAULT,
        "run 8",
        Optional.of(BoardFixture.COMMIT),
        lease,
        Guards.ANY_COMMIT);
  }

  private static void check(String facts, Deployment deployment, List<PathInfo> missing) {
    Preflight.check(FactsReader.read(facts), deployment, missing);
  }

  private static final Deployment SWITCH = deployment(BoardAction.SWITCH, Optional.empty());

  @Test
  void aBoardInOrderPasses() {
    assertThatNoException().isThrownBy(() -> check(IDLE, SWITCH, List.of(INFO)));
  }

  @Test
  void everythingAmissIsToldAtOnceAndRefused() {
    String bad =
        FactsReaderTest.WHOLE
            .replace("\"machine\":\"riscv64\"", "\"machine\":\"aarch64\"")
            .replace("1073741824", "1000000");

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> check(bad, SWITCH, List.of(INFO)))
        .withMessageContaining("It is aarch64, and the system was built for riscv64-linux")
        .withMessageContaining("2 MiB in 1 paths are missing")
        .withMessageContaining("run 7 has been waiting there since")
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED));
  }

  @Test
  void onlyOthersInTheWayIsBusy() {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(() -> check(FactsReaderTest.WHOLE, SWITCH, List.of()))
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.BUSY));
  }

  @Test
  void nothingMissingNeedsNoRoom() {
    assertThatNoException()
        .isThrownBy(() -> check(IDLE.replace("1073741824", "0"), SWITCH, List.of()));
  }

  @Test
  void aUserWhoIsNotRootNeedsASignatureThatTheBoardTrusts() {
    String user =
        IDLE.replace("\"userId\":0", "\"userId\":1000")
            .replace("\"trustedKeys\":[]", "\"trustedKeys\":[\"" + KEY.publicKey() + "\"]");

    assertThatNoException().isThrownBy(() -> check(user, SWITCH, List.of(INFO.signedBy(KEY))));
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () -> check(user, SWITCH, List.of(INFO.signedBy(SigningKey.generate("cache-1")))))
        .withMessageContaining(SYSTEM.toString())
        .withMessageContaining("(cache-1)")
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.REFUSED));
  }

  @Test
  void aBoardThatIsLentToOthersIsBusyForAPreviewOnly() {
    String lent = IDLE.replace("b-0", "b-1");

    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () ->
                check(
                    lent,
                    deployment(BoardAction.TEST, Optional.of(LeaseTerms.of("owner/repo#13"))),
                    List.of()))
        .withMessageContaining("lent to owner/repo#12");
    assertThatNoException()
        .isThrownBy(
            () ->
                check(
                    lent,
                    deployment(BoardAction.TEST, Optional.of(LeaseTerms.of("owner/repo#12"))),
                    List.of()));
  }

  @Test
  void aPreviewsOwnerDoesNotGetAnOlderCommitThanTheOneThatHisLaterPushBrought() {
    String lent =
        IDLE.replace("b-0", "b-1")
            .replace("\"system\":\"\",\"commit\":\"\"", "\"system\":\"\",\"commit\":\"%s\"")
            .formatted(NEWER);
    var own = deployment(BoardAction.TEST, Optional.of(LeaseTerms.of("owner/repo#12")));

    assertThatNoException().isThrownBy(() -> check(lent, own, List.of()));
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () ->
                check(lent, BoardFixture.guarded(own, new Guards(false, NEWER::equals)), List.of()))
        .withMessageContaining("newer commit of owner/repo#12, " + NEWER.abbreviated())
        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.SUPERSEDED));
  }

  @Test
  void aBoardWithoutAProfileCannotBeGivenBack() {
    assertThatExceptionOfType(BoardFailure.class)
        .isThrownBy(
            () -> check(IDLE, deployment(BoardAction.GIVE_BACK, Optional.empty()), List.of()))
        .withMessageContaining("profile names no system");
  }

  @Test
  void aClockThatIsDaysOffIsAWarning() {
    BoardFacts facts = FactsReader.read(IDLE);

    assertThat(Preflight.warnings(facts, facts.clock().plus(Duration.ofHours(3)))).isEmpty();
    assertThat(Preflight.warnings(facts, Instant.EPOCH)).hasSize(1);
  }
}
