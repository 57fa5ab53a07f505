package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code flakeferry init} writes, and what it doesn't. */
final class InitIT {
  private static final Path POLICY = Path.of("flakeferry.yml");
  private static final Path WORKFLOW = Path.of(".github", "workflows", "production.yml");

  private static Testbed testbed;
  private static TestBoard board;
  @TempDir private Path folder;
  private Path home;
  private DemoFlake flake;

  @BeforeAll
  static void prepare() throws IOException {
    testbed = Testbed.prepare(Progress.SILENT);
    board = testbed.startBoard("init");
  }

  @AfterAll
  static void tidy() {
    testbed.close();
  }

  @BeforeEach
  void makeFlake() throws IOException {
    flake = DemoFlake.writeTo(folder.resolve("boards"), Variation.FIRST);
    home = Files.createDirectories(folder.resolve("home"));
    Files.createDirectory(home.resolve(".ssh"));
    Files.copy(board.keyFile(), home.resolve(".ssh/id_ed25519"));
  }

  private static HostKey hostKey() {
    return board.address().hostKeys().getFirst();
  }

  private Finished init(List<String> around, String answers, String... arguments)
      throws IOException {
    return init(flake.folder(), around, answers, arguments);
  }

  private Finished init(Path in, List<String> around, String answers, String... arguments)
      throws IOException {
    var words = new ArrayList<>(around);
    words.addAll(BuiltProgram.words("init"));
    words.addAll(List.of(arguments));
    return Command.of(words)
        .in(in)
        .with("HOME", home.toString())
        .with("XDG_CONFIG_HOME", home.resolve(".config").toString())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG)
        .run(answers);
  }

  private Finished init(String answers, String... arguments) throws IOException {
    return init(List.of(), answers, arguments);
  }

  private String read(Path file) throws IOException {
    return Files.readString(flake.folder().resolve(file));
  }

  private Path key(String name) {
    return home.resolve(".config/flakeferry/boards").resolve(name);
  }

  @Test
  void withoutQuestionsItTakesNoKeyThatNobodyKnows() throws IOException {
    Finished refused = init("", board.address().toString(), "--yes");
    assertThat(refused.exit()).as(refused.output()).isEqualTo(new Exit.Code(11));
    assertThat(key("repository")).doesNotExist();
    assertThat(String.join("\n", refused.lastErrorLines()))
        .contains("nobody has confirmed the host key of " + board.address())
        .contains("--host-key " + hostKey().fingerprint());
    assertThat(flake.folder().resolve(POLICY)).doesNotExist();
    assertThat(key("ssh-key")).doesNotExist();

    String other = new HostKey(hostKey().type(), "AAAA").fingerprint();
    Finished between = init("y\n\n\n", board.address().toString(), "--host-key", other);
    assertThat(between.exit()).as(between.output()).isEqualTo(new Exit.Code(11));
    assertThat(between.lastErrorLines())
        .anyMatch(line -> line.contains("the host key that was named is " + other));
    assertThat(key("ssh-key")).doesNotExist();

    String line = "256 " + hostKey().fingerprint() + " root@factory (ED25519)";
    Finished named = init("", board.address().toString(), "--yes", "--host-key", line);
    assertThat(named.exit()).as(named.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(read(POLICY)).contains("host-key: " + hostKey());
    assertThat(read(WORKFLOW))
        .contains("environment: { name: production, deployment: false }")
        .contains("concurrency: { group: flakeferry-production, queue: max }");
  }

  @Test
  void aKeyThatTheUsersSshKnowsCountsAndAnotherIsRefused() throws IOException {
    Path known = home.resolve(".ssh/known_hosts");
    Files.writeString(known, board.address().host() + " " + hostKey() + "\n");
    Command.of("ssh-keygen", "-H", "-f", known.toString()).run().orThrow();
    Finished good = init("", board.address().toString(), "--yes");
    assertThat(good.exit()).as(good.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    assertThat(good.output()).contains("Your ssh knows it by this key");

    Path other = folder.resolve("other");
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
        .run()
        .orThrow();
    Files.writeString(
        known, board.address().host() + " " + Files.readString(Path.of(other + ".pub")));
    Files.delete(flake.folder().resolve(POLICY));
    Finished bad = init("y\n\n\n", board.address().toString());
    assertThat(bad.exit()).as(bad.output()).isEqualTo(new Exit.Code(11));
    assertThat(bad.lastErrorLines()).anyMatch(line -> line.contains("shows another host key"));
    assertThat(flake.folder().resolve(POLICY)).doesNotExist();
  }

  @Test
  void whereTheUsersSshKnowsItByAKeyOfAnotherKindThatIsToldAndAsked() throws IOException {
    Path rsa = folder.resolve("rsa");
    Command.of("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", rsa.toString()).run().orThrow();
    Files.writeString(
        home.resolve(".ssh/known_hosts"),
        board.address().host() + " " + Files.readString(Path.of(rsa + ".pub")));
    String told = "Your ssh knows it by a key of another kind (ssh-rsa).";
    Finished refused = init("", board.address().toString(), "--yes");
    assertThat(refused.exit()).as(refused.output()).isEqualTo(new Exit.Code(11));
    assertThat(refused.output()).contains(told + " On the board's own console");
    assertThat(flake.folder().resolve(POLICY)).doesNotExist();

    Finished asked = init("y\n\n\n", board.address().toString());
    assertThat(asked.exit())
        .as(asked.output() + asked.lastErrorLines())
        .isEqualTo(new Exit.Code(0));
    Files.delete(flake.folder().resolve(POLICY));
    Finished named =
        init("", board.address().toString(), "--yes", "--host-key", hostKey().fingerprint());
    assertThat(named.exit()).as(named.output()).isEqualTo(new Exit.Code(0));
    assertThat(named.output()).contains("It is the one that you named. " + told + "\n");
  }

  @Test
  void aRevokedKeyIsRefusedWhateverIsAnswered() throws IOException {
    String host = board.address().host();
    Files.writeString(
        home.resolve(".ssh/known_hosts"),
        "%1$s %2$s\n@revoked * %2$s\n".formatted(host, hostKey()));
    Finished refused =
        init("y\n\n\n", board.address().toString(), "--host-key", hostKey().fingerprint());
    assertThat(refused.exit()).as(refused.output()).isEqualTo(new Exit.Code(11));
    assertThat(refused.lastErrorLines())
        .anyMatch(
            line -> line.contains("told never to trust (@revoked): " + hostKey().fingerprint()));
    assertThat(refused.output()).doesNotContain("[y/N]");
    assertThat(flake.folder().resolve(POLICY)).doesNotExist();
  }

  @Test
  void anAnswerOfNoUseIsAskedForAgainUntilTheAnswersEnd() throws IOException {
    String at = board.address().toString();
    Finished ended = init("\nroot@\nroot@127.0.0.1:1\n");
    assertThat(ended.exit()).as(ended.output()).isEqualTo(new Exit.Code(2));
    assertThat(ended.output())
        .contains(
            "no board was named", "'root@' is no address", "127.0.0.1 port 1 can't be reached");
    Finished init = init("x\n" + at + "\ny\nnot good\ndesk\nftp://cache\n\n");
    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(init.output())
        .contains("'not good' is no name for a board", "'ftp://cache' is no cache to publish to");
    assertThat(read(POLICY)).contains("  desk:\n").doesNotContain("caches");
  }

  @Test
  void ofABoardThatLetsNobodyInNothingIsGuessed() throws IOException {
    Path key = home.resolve(".ssh/id_ed25519");
    Files.delete(key);
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).run().orThrow();
    Finished init = init("y\ndesk\n\nunmatched\n\n", board.address().toString());
    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(init.output())
        .contains("could not be looked at", "does not let us in")
        .contains(
            "Which configuration does it run?   no configuration of the flake was named. It has:");
    assertThat(read(POLICY)).contains("  desk:\n    configuration: unmatched\n");
  }

  @Test
  void beforeTheLastAnswerNothingIsWritten() throws IOException {
    String policy =
        "boards:\n  lab-1: { host: 127.0.0.1, port: 1, host-key: %s }\n".formatted(hostKey());
    Files.writeString(flake.folder().resolve(POLICY), policy);
    Finished no = init("y\ndesk\nn\n", board.address().toString()).orThrow();
    assertThat(no.output()).contains("+  desk:\n", "Nothing was written.");
    assertThat(read(POLICY)).isEqualTo(policy);
    assertThat(key("ssh-key")).doesNotExist();
    assertThat(flake.folder().resolve(WORKFLOW)).doesNotExist();
  }

  @Test
  void aPolicyElsewhereIsNamedFromTheFolderAndInTheWorkflow() throws IOException {
    Path below = Files.createDirectory(flake.folder().resolve("fleet"));
    String key = hostKey().fingerprint();
    Finished init =
        init(
            below,
            List.of(),
            "",
            board.address() + "",
            "--yes",
            "--host-key",
            key,
            "--config",
            "a.yml");
    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(read(Path.of("fleet/a.yml"))).contains("host-key: " + hostKey());
    assertThat(read(WORKFLOW)).endsWith("          config: fleet/a.yml\n");
    assertThat(init.output()).contains(" flakeferry check --config a.yml\n");
    // the action's input is named from the repository's root
    List<String> input = List.of("/usr/bin/env", "FLAKEFERRY_CONFIG=fleet/a.yml");
    assertThat(init(below, input, "", "--yes").orThrow().output())
        .contains("fleet/a.yml is as it should be");
  }

  @Test
  void theKeysAreForTheirOwnerAloneAndNoneOfTheirSecretsIsPrinted() throws IOException {
    Finished init = init("y\n\n\n", board.address().toString()).orThrow();

    for (String name : List.of("ssh-key", "signing-key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key(name))))
          .isEqualTo("rw-------");
      for (String line : Files.readAllLines(key(name))) {
        assertThat(init.output()).doesNotContain(line.replaceFirst("^[^:]*:", ""));
      }
    }
    String publicHalf =
        Command.of("ssh-keygen", "-y", "-f", key("ssh-key").toString()).run().orThrow().output();
    assertThat(Path.of(key("ssh-key") + ".pub")).content().startsWith(publicHalf.strip());
    assertThat(init.output()).contains(publicHalf.strip(), "\"boards-1:");
    String before = Files.readString(key("ssh-key"));
    init("y\n", board.address().toString()).orThrow();
    assertThat(key("ssh-key")).hasContent(before);
  }

  @Test
  void nothingIsWrittenOverUnlessSomebodyAgrees() throws IOException {
    Files.createDirectories(flake.folder().resolve(WORKFLOW).resolveSibling(""));
    Files.writeString(flake.folder().resolve(WORKFLOW), "on: push\njobs: {}\n");
    String key = hostKey().fingerprint();

    Finished left = init("", board.address().toString(), "--yes", "--host-key", key).orThrow();
    assertThat(left.output()).contains("left .github/workflows/production.yml as it is");
    assertThat(read(WORKFLOW)).isEqualTo("on: push\njobs: {}\n");

    Finished agreed = init("y\n", board.address().toString()).orThrow();
    assertThat(agreed.output())
        .contains("is factory in flakeferry.yml already")
        .contains("flakeferry.yml is as it should be")
        .contains("-on: push\n", "+  push: { branches: [main] }\n");
    assertThat(read(WORKFLOW)).contains("uses: flakeferry/flakeferry@main");
    Files.writeString(
        flake.folder().resolve(POLICY),
        "caches: [{ url: https://cache.example.org/boards }]\n" + read(POLICY));
    assertThat(init("y\n").orThrow().output())
        .contains("+          cache-credentials: ${{ secrets.CACHE_CREDENTIALS }}\n");
    assertThat(init("", "--yes").orThrow().output())
        .contains("flakeferry.yml is as it should be", "production.yml is as it should be");
  }

  @Test
  void aWorkflowThatDeploysToTheEnvironmentStaysTheOnlyOne() throws IOException {
    Path matrix = WORKFLOW.resolveSibling("matrix.yml");
    Files.createDirectories(flake.folder().resolve(WORKFLOW).resolveSibling(""));
    Files.copy(Path.of("src", "examples", "matrix.yml"), flake.folder().resolve(matrix));
    Finished init =
        init("", board.address().toString(), "--yes", "--host-key", hostKey().fingerprint())
            .orThrow();
    assertThat(init.output())
        .contains(matrix + " may deploy to `production`, so no other workflow is written");
    assertThat(init.output()).doesNotContain("gh secret set");
    assertThat(flake.folder().resolve(WORKFLOW)).doesNotExist();
  }

  @Test
  void anotherBoardIsAddedToThePolicy() throws IOException {
    String policy =
        """
        # ours
        boards:
          lab-1: # stays
            configuration: board-amd64
            host: 127.0.0.1
            port: 1
            host-key: %s
            tags: [lab]
        environments:
          lab: { on: { push: main }, boards: lab }
        """
            .formatted(hostKey());
    Files.writeString(flake.folder().resolve(POLICY), policy);
    flake.commit("Begin");
    // of a clone with commits, what Git knows of it counts, as it is now
    Path host = flake.folder().resolve("flake.nix");
    Files.writeString(host, Files.readString(host).replace("board-amd64 =", "desk-amd64 ="));

    Finished init = init("y\nunmatched-1\ny\n", board.address().toString());

    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(init.output()).contains("+  unmatched-1:\n");
    assertThat(read(POLICY))
        .startsWith("# ours\nboards:\n  unmatched-1:\n    configuration: desk-amd64\n")
        .contains("tags: [x86_64, lab]\n  lab-1: # stays\n");
    assertThat(read(WORKFLOW.resolveSibling("lab.yml"))).contains("environment: lab");
    assertThat(flake.folder().resolve(WORKFLOW)).doesNotExist();
  }

  @Test
  void withoutNixItAsksForTheConfiguration() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Finished init =
        init(
            List.of("/usr/bin/env", "PATH=" + tools),
            "y\ndesk\nunmatched\n\n",
            board.address().toString());
    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(init.output()).contains("no program `nix`", "Which configuration");
    assertThat(read(POLICY)).contains("  desk:\n    configuration: unmatched\n");
  }

  @Test
  void aFolderInTheRepositoryIsNoPlaceForKeys() throws IOException {
    Finished refused = init("", board.address().toString(), "--yes", "--keys", "keys");
    assertThat(refused.exit()).isEqualTo(new Exit.Code(2));
    assertThat(refused.lastErrorLines()).anyMatch(line -> line.contains("come to be committed"));
    assertThat(flake.folder().resolve("keys")).doesNotExist();
  }

  @Test
  void anAddressThatIsNoneAndABoardThatIsAwayAreTold() throws IOException {
    Finished none = init("", "root@", "--yes");
    assertThat(none.exit()).isEqualTo(new Exit.Code(2));
    assertThat(none.lastErrorLines()).anyMatch(line -> line.contains("'root@' is no address"));
    Finished mistyped = init("", board.address().toString(), "--host-key", "SHA256:x");
    assertThat(mistyped.exit()).isEqualTo(new Exit.Code(2));
    assertThat(mistyped.lastErrorLines()).anyMatch(line -> line.contains("'SHA256:x' has neither"));
    Finished away = init("", "root@127.0.0.1:1", "--yes");
    assertThat(away.exit()).isEqualTo(new Exit.Code(8));
    assertThat(away.lastErrorLines()).anyMatch(line -> line.contains("can't be reached"));
    assertThat(init("").exit()).isEqualTo(new Exit.Code(2));
  }
}
