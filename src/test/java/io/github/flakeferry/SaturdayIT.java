package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.testbed.ActionInputs;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.GitHubOpenApi;
import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.Rehearsal;
import io.github.flakeferry.testbed.RehearsedRun;
import io.github.flakeferry.testbed.TestBoard;
import io.github.flakeferry.testbed.Testbed;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Someone finds the project on a Saturday with a new board on the desk: from a flake in a folder to
 * the board's first deployment by CI, with what had to be typed for it.
 */
final class SaturdayIT {
  private static final String MAIN = "refs/heads/main";
  private static final Pattern SECRET =
      Pattern.compile("gh secret set (\\S+) --env (\\S+) <(\\S+)");

  /** Method, path and fields. */
  private static final Pattern CALL = Pattern.compile("gh api -X (\\S+) '(\\S+)'(.*)");

  private static final Pattern FIELD =
      Pattern.compile("-([Ff]) '?([a-z_]+)(?:\\[([a-z_]+)])?=([^' ]+)'?");
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\{ secrets\\.(\\S+) }}");

  private static final Pattern VARIANT =
      Pattern.compile("(?sm)^ +unmatched-from-x86_64 = .*?^ +};\\n");

  @TempDir private Path home;
  private final List<String> typed = new ArrayList<>();
  private final List<String> pasted = new ArrayList<>();
  private String told = "";

  @Test
  void aFlakeAndABoardAreDeployedByCi() throws IOException {
    try (var testbed = Testbed.prepare(Progress.SILENT);
        TestBoard board = testbed.startBoard("desk", TestBoard.Kind.RISCV64);
        var rehearsal = Rehearsal.around(board, GitHubOpenApi.judge(), "demo/boards", "main")) {
      Files.createDirectory(home.resolve(".ssh"));
      Files.copy(board.keyFile(), home.resolve(".ssh/id_ed25519"));

      withoutCrossVariant(rehearsal.flake());
      begin(rehearsal);
      letIn(rehearsal);
      addCrossVariant(rehearsal.flake());
      type("git add . && git commit -m 'Deploy by CI'");
      GitRevision commit = rehearsal.flake().commit("Deploy by CI");
      check(rehearsal);
      type("git push");
      rehearsal.git("push", "-q", rehearsal.repository().toString(), "HEAD:" + MAIN);
      RehearsedRun run = workflow(rehearsal, commit);

      assertThat(run.exitCode()).as(run.logText()).isZero();
      assertThat(board.currentSystem()).isEqualTo(StorePath.parse(run.output("store-paths")));
      assertThat(board.profileSystem()).isEqualTo(board.currentSystem());
      assertThat(board.run("/run/current-system/sw/bin/hello").orThrow().output().strip())
          .isEqualTo(Variation.FIRST.message());
      assertThat(rehearsal.github().statuses(commit))
          .last()
          .extracting(Status::context, Status::state)
          .containsExactly("flakeferry/production", "success");
      assertLittleWasTyped(rehearsal);
    }
  }

  /**
   * What nobody else can know has to be typed: the board's address, a yes to its fingerprint, where
   * the cache is. Besides that three commands, of which two are git's, and an empty line where the
   * proposal is right. All else is pasted as it was printed: one line to let the key in, two for
   * the board's configuration, eight for its cross variant, one for the check, and four for the
   * repository's settings.
   */
  private void assertLittleWasTyped(Rehearsal rehearsal) {
    String known =
        rehearsal.board().address().toString() + "y" + rehearsal.cache().uri().toString();
    int keys = typed.stream().mapToInt(line -> line.length() + 1).sum();
    System.out.println(
        "Saturday: %d lines, %d keys, %d of them what only a person knows; %d lines pasted"
            .formatted(typed.size(), keys, known.length(), pasted.size()));
    assertThat(keys - known.length()).as(typed.toString()).isLessThanOrEqualTo(80);
    assertThat(typed).hasSizeLessThanOrEqualTo(6);
    assertThat(pasted).hasSizeLessThanOrEqualTo(16);
  }

  private String type(String line) {
    typed.add(line);
    return line;
  }

  /** A line that was printed, as it is. */
  private String paste(String pattern) {
    String line =
        told.lines()
            .map(String::strip)
            .filter(l -> l.matches(pattern))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no line " + pattern + " in:\n" + told));
    pasted.add(line);
    return line;
  }

  /** As flakes are that were written on the board itself. */
  private static void withoutCrossVariant(DemoFlake flake) throws IOException {
    Path file = flake.folder().resolve("flake.nix");
    String text = Files.readString(file);
    String own =
        text.replaceFirst("(?s) *# the same system, built by a cross compiler.*?(?= *# for a)", "");
    assertThat(own).isNotEqualTo(text).contains("unmatched = ").doesNotContain("-from-");
    Files.writeString(file, own);
  }

  /** The lines that were printed, where they are said to belong. */
  private void addCrossVariant(DemoFlake flake) throws IOException {
    Matcher lines = VARIANT.matcher(told);
    assertThat(lines.find()).as(told).isTrue();
    lines.group().lines().forEach(pasted::add);
    Path file = flake.folder().resolve("flake.nix");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("nixosConfigurations = {\n", "nixosConfigurations = {\n" + lines.group()));
  }

  private void begin(Rehearsal rehearsal) throws IOException {
    String address = rehearsal.board().address().toString();
    List<String> words = List.of(type("flakeferry init " + address).split(" "));
    String answers =
        String.join("\n", type("y"), type(""), type(rehearsal.cache().uri().toString()), "");
    Finished init =
        flakeferry(rehearsal, words.subList(1, words.size()).toArray(String[]::new))
            .with("HOME", home.toString())
            .with("XDG_CONFIG_HOME", home.resolve(".config").toString())
            .run(answers);
    assertThat(init.exit()).as(init.output() + init.lastErrorLines()).isEqualTo(new Exit.Code(0));
    told = init.output();
    assertThat(told)
        .contains(rehearsal.board().address().hostKeys().getFirst().fingerprint())
        .contains("It is riscv64, has Nix ")
        .contains("unmatched (riscv64-linux)")
        .contains("wrote flakeferry.yml", "wrote .github/workflows/production.yml")
        .doesNotContain("PRIVATE KEY");
  }

  /** By the board's own console, or as long as one's own key is let in. */
  private void letIn(Rehearsal rehearsal) throws IOException {
    var words = new ArrayList<>(List.of(paste("ssh-copy-id .*").split(" ")));
    // ssh asks the machine where home is
    Path known = home.resolve(".ssh/known_hosts");
    Files.writeString(
        known,
        rehearsal.board().address().host()
            + " "
            + rehearsal.board().address().hostKeys().getFirst()
            + "\n");
    words.addAll(
        1,
        List.of(
            "-o",
            "UserKnownHostsFile=" + known,
            "-o",
            "IdentityFile=" + home.resolve(".ssh/id_ed25519")));
    Command.of(words).with("HOME", home.toString()).run().orThrow();
    String keys = paste("users\\.users\\.root\\.openssh.*");
    paste("nix\\.settings\\.trusted-public-keys.*");
    Matcher key = Pattern.compile("\"(.*)\"").matcher(keys);
    assertThat(key.find()).isTrue();
    assertThat(rehearsal.board().run("cat /root/.ssh/authorized_keys").orThrow().output())
        .contains(key.group(1));
  }

  private void check(Rehearsal rehearsal) throws IOException {
    var words =
        new ArrayList<>(List.of(paste("FLAKEFERRY_SSH_KEY_FILE=.* flakeferry check").split(" ")));
    Command check = flakeferry(rehearsal, "check");
    for (String word : words.subList(0, words.size() - 2)) {
      check =
          check.with(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
    }
    Finished checked = check.run();
    assertThat(checked.exit()).as(checked.output()).isEqualTo(new Exit.Code(0));
  }

  /** What the commands ask of GitHub is what its own description takes. */
  private void settings() throws IOException {
    paste("gh api -X PUT .*");
    paste("gh api -X POST .*");
    Matcher calls = CALL.matcher(told.replace("\\\n", " "));
    int judged = 0;
    while (calls.find()) {
      ObjectNode body = new YAMLMapper().createObjectNode();
      FIELD
          .matcher(calls.group(3))
          .results()
          .forEach(
              field -> {
                ObjectNode at = field.group(3) == null ? body : body.withObject(field.group(2));
                String name = field.group(3) == null ? field.group(2) : field.group(3);
                if (field.group(1).equals("F")) {
                  at.put(name, Boolean.parseBoolean(field.group(4)));
                } else {
                  at.put(name, field.group(4));
                }
              });
      GitHubOpenApi.judge()
          .judge(
              calls.group(1),
              "/" + calls.group(2).replace("{owner}/{repo}", "demo/boards"),
              "",
              body.toString());
      judged++;
    }
    assertThat(judged).isEqualTo(2);
  }

  /** Its one step, as a runner does it: inputs from the secrets that were set. */
  private RehearsedRun workflow(Rehearsal rehearsal, GitRevision commit) throws IOException {
    settings();
    Map<String, Path> secrets = new TreeMap<>();
    SECRET.matcher(told).results().forEach(set -> secrets.put(set.group(1), Path.of(set.group(3))));
    secrets.keySet().forEach(name -> paste("gh secret set " + name + " .*"));
    JsonNode workflow =
        new YAMLMapper()
            .readTree(rehearsal.flake().folder().resolve(".github/workflows/production.yml"));
    assertThat(workflow.at("/jobs/ferry/environment/name").asString()).isEqualTo("production");
    var environment = rehearsal.environment("push", rehearsal.pushPayload(commit, MAIN));
    environment.keySet().removeIf(name -> name.startsWith("FLAKEFERRY_"));
    ActionInputs.defaults().forEach(environment::putIfAbsent);
    for (var input : workflow.at("/jobs/ferry/steps/0/with").properties()) {
      Matcher secret = REFERENCE.matcher(input.getValue().asString());
      environment.put(
          ActionInputs.variable(input.getKey()),
          secret.matches()
              ? secrets.containsKey(secret.group(1))
                  ? Files.readString(secrets.get(secret.group(1)))
                  : ""
              : input.getValue().asString());
    }
    return RehearsedRun.of(BuiltProgram.words("run"), environment);
  }

  private static Command flakeferry(Rehearsal rehearsal, String... arguments) {
    return Command.of(BuiltProgram.words(arguments))
        .in(rehearsal.flake().folder())
        .with("NIX_CONFIG", DemoFlake.NIX_CONFIG);
  }
}
