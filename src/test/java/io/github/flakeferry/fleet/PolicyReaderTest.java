package io.github.flakeferry.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.flakeferry.model.BoardAction;
import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.terms.FailedUnits;
import io.github.flakeferry.model.terms.Generations;
import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.model.terms.RebootTerms;
import io.github.flakeferry.model.terms.SmokeCommands;
import io.github.flakeferry.model.terms.Terms;
import io.github.flakeferry.model.terms.TransferMode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyReaderTest {
  private final Policy design = read("design");
  private final Policy everything = read("everything");

  @Test
  void theSmallestPolicyHasTheDefaults() {
    Policy policy = read("smallest");
    assertThat(policy.cross()).isEqualTo(CrossPolicy.AUTO);
    assertThat(policy.emulate()).isFalse();
    assertThat(policy.parallel()).isEqualTo(16);
    assertThat(policy.caches()).isEmpty();
    assertThat(policy.environments()).isEmpty();
    BoardPolicy board = policy.board(new BoardName("one")).orElseThrow();
    assertThat(board.configuration()).isEqualTo("one");
    assertThat(board.tags()).isEmpty();
    assertThat(board.address()).hasToString("root@one");
    assertThat(board.address().port()).isEqualTo(22);
  }

  @Test
  void boardsAreReadInTheFilesOrder() {
    assertThat(design.boards())
        .extracting(b -> b.name().value())
        .containsExactly("unmatched-1", "unmatched-2", "lab-1", "lab-2");
    BoardPolicy first = design.boards().getFirst();
    assertThat(first.configuration()).isEqualTo("unmatched-from-x86_64");
    assertThat(first.tags()).containsExactly("canary", "production", "riscv64");
  }

  @Test
  void environmentsChooseTheirBoards() {
    assertThat(namesIn(design, "production")).containsExactly("unmatched-1", "unmatched-2");
    assertThat(namesIn(design, "preview")).containsExactly("lab-2");
    assertThat(namesIn(everything, "every")).containsExactly("a.b_c-D", "gate");
    assertThat(design.environment("nowhere")).isEmpty();
  }

  @Test
  void environmentsKnowHowToDeploy() {
    EnvironmentPolicy production = design.environment("production").orElseThrow();
    assertThat(production.trigger()).isEqualTo(new Trigger.Release(List.of("v*"), false));
    assertThat(production.waves())
        .containsExactly(
            new Wave.Selected(Selector.parse("canary")), new Wave.Percent(25), new Wave.Rest());
    assertThat(production.maxFailures()).isEqualTo(1);
    assertThat(production.wavePause()).isZero();
    assertThat(production.terms()).isEqualTo(Terms.DEFAULT);

    EnvironmentPolicy preview = design.environment("preview").orElseThrow();
    assertThat(preview.trigger()).isEqualTo(new Trigger.PullRequest());
    assertThat(preview.preview())
        .isEqualTo(
            new PreviewPolicy(
                Optional.of(Duration.ofHours(24)), Optional.empty(), PreviewPolicy.WhenBusy.WAIT));
    assertThat(preview.waves()).containsExactly(new Wave.Rest());

    assertThat(production.smoke()).isEqualTo(SmokeCommands.NONE);
    assertThat(production.action()).isEqualTo(BoardAction.SWITCH);
    assertThat(preview.action()).isEqualTo(BoardAction.TEST);
  }

  @Test
  void environmentsKnowHowToTreatTheirBoards() {
    EnvironmentPolicy every = everything.environment("every").orElseThrow();
    assertThat(every.action()).isEqualTo(BoardAction.BOOT);
    assertThat(every.wavePause()).isEqualTo(Duration.ofMinutes(15));
    assertThat(every.terms())
        .isEqualTo(
            new Terms(
                Duration.ofSeconds(90),
                Duration.ofMinutes(2),
                FailedUnits.ACCEPT,
                new HealthChecks(
                    List.of("nginx.service", "getty@tty1.service"),
                    false,
                    List.of("test -e /run/ready"),
                    List.of(
                        URI.create("http://gate.example.org:8080/health"),
                        URI.create("https://[2001:db8::7]/?deep=1")),
                    Duration.ofMinutes(2),
                    5),
                TransferMode.STREAM,
                new RebootTerms(RebootTerms.When.IF_NEEDED, true, Duration.ofMinutes(15)),
                new Generations(3, new Generations.Collect.WhenBelow(2L << 30))));

    assertThat(every.smoke())
        .isEqualTo(
            new SmokeCommands(List.of("hello", "test -n \"$PATH\""), Duration.ofSeconds(30)));
    assertThat(everything.environment("tags").orElseThrow().smoke())
        .isEqualTo(new SmokeCommands(List.of("uptime"), Duration.ofMinutes(2)));

    Terms tags = everything.environment("tags").orElseThrow().terms();
    assertThat(tags.generations()).isEqualTo(new Generations(10, new Generations.Collect.Always()));
    assertThat(tags.health().units()).containsExactly("sshd.service");
    assertThat(tags.health().commands()).containsExactly("uptime", "true");
  }

  @Test
  void theUsualHealthChecksFitIntoAShortConfirmation() {
    String short10 =
        Corpus.valid("smallest")
            + "environments: { e: { on: { push: x }, boards: one, confirm-timeout: 10s } }\n";
    Terms terms = PolicyReader.read("f", short10).environments().getFirst().terms();
    assertThat(terms.confirm()).isEqualTo(Duration.ofSeconds(10));
    assertThat(terms.health().deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(terms.health().noNewFailures()).isTrue();
  }

  @Test
  void cachesHaveAnAudience() {
    assertThat(design.cachesFor(Audience.TRUSTED))
        .extracting(c -> c.url().toString())
        .containsExactly("https://boards.example.org/cache");
    assertThat(design.cachesFor(Audience.PULL_REQUESTS))
        .extracting(c -> c.publicKey().orElseThrow().name())
        .containsExactly("previews-1");
  }

  @Test
  void cachesKnowWhatGoesUp() {
    PublicKey community =
        PublicKey.parse("community-1:B4MUVBEzeR6M3KgFuomZ7yUsjsj+rVHhZnrAPYL3GSM=");
    assertThat(everything.caches())
        .extracting(CachePolicy::priority, CachePolicy::publishing)
        .containsExactly(
            tuple(
                OptionalInt.of(30),
                new PublishPolicy(
                    PublishPolicy.What.CLOSURES,
                    List.of(community, PublishPolicy.NIXOS),
                    true,
                    new CacheFormat(Compression.XZ, true, true))),
            tuple(
                OptionalInt.empty(),
                new PublishPolicy(PublishPolicy.What.BUILT, List.of(), false, CacheFormat.DEFAULT)),
            tuple(
                OptionalInt.empty(),
                new PublishPolicy(
                    PublishPolicy.What.BUILT, List.of(community), false, CacheFormat.DEFAULT)));
    assertThat(everything.substituters())
        .extracting(other -> other.url().toString(), Substituter::priority)
        .containsExactly(
            tuple("https://cache.example.net", OptionalInt.of(50)),
            tuple("file:///srv/others", OptionalInt.empty()));
  }

  @Test
  void someCachesTakePathsThroughAProgram() {
    assertThat(read("programs").caches())
        .extracting(CachePolicy::through)
        .containsExactly(
            Optional.of(
                new ProgramCache(
                    ProgramCache.Program.CACHIX,
                    URI.create("https://boards.cachix.org"),
                    "boards")),
            Optional.of(
                new ProgramCache(
                    ProgramCache.Program.ATTIC,
                    URI.create("https://attic.example.org/nix/boards+previews"),
                    "boards+previews")),
            Optional.empty());
  }

  @Test
  void anIpv6AddressLosesItsBrackets() {
    BoardAddress address = everything.boards().getFirst().address();
    assertThat(address.host()).isEqualTo("2001:db8::7");
    assertThat(address).hasToString("deploy@[2001:db8::7]:2222");
    assertThat(everything.boards().getLast().address().host()).isEqualTo("fe80::1%eth0");
  }

  @Test
  void aJumpHostTakesTheKeyThatIsPinnedElsewhere() {
    List<BoardAddress> jumps = everything.boards().getFirst().address().jumps();
    assertThat(jumps)
        .extracting(BoardAddress::toString)
        .containsExactly("ops@gate.example.org:2200", "inner@10.0.0.1");
    BoardPolicy gate = everything.board(new BoardName("gate")).orElseThrow();
    assertThat(jumps.get(1).hostKeys()).isEqualTo(gate.address().hostKeys());
    assertThat(gate.address().jumps().getFirst().hostKeys()).isEqualTo(jumps.getFirst().hostKeys());
  }

  @Test
  void hostKeysMayBeAListOrWhatSshKeyscanPrints() {
    List<BoardPolicy> boards = everything.boards();
    assertThat(boards.get(0).address().hostKeys())
        .extracting(k -> k.type())
        .containsExactly("ssh-ed25519", "ecdsa-sha2-nistp256");
    assertThat(boards.get(1).address().hostKeys()).isEqualTo(boards.get(0).address().hostKeys());
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsMakeNoDifference() {
    String text = "\ufeff" + Corpus.valid("design").replace("\n", "\r\n");
    assertThat(PolicyReader.read("flakeferry.yml", text)).isEqualTo(design);
  }

  @ParameterizedTest
  @MethodSource("validFiles")
  void everyValidFileIsRead(java.nio.file.Path file) {
    assertThat(PolicyReader.read("flakeferry.yml", Corpus.text(file)).boards()).isNotEmpty();
  }

  static Stream<java.nio.file.Path> validFiles() {
    return Corpus.files("valid").stream();
  }

  private static List<String> namesIn(Policy policy, String environment) {
    return policy.boardsOf(policy.environment(environment).orElseThrow()).stream()
        .map(b -> b.name().value())
        .toList();
  }

  private static Policy read(String name) {
    return PolicyReader.read("flakeferry.yml", Corpus.valid(name));
  }
}
