import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.GitHubStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the program, which the arguments start, as GitHub would: for a push that deploys, up to
 * where it wants Nix, which must not be there. So Java learns for its cache what nearly every run
 * begins with: event, clone, policy, plan, statuses, checkout. Needs Git.
 */
final class TrainStart {
  private static final String POLICY =
      """
      caches:
        - url: %s/cache
          public-key: %s
      boards:
        board-1:
          host: board-1.example
          host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO
          tags: [production]
      environments:
        production:
          on: { push: main }
          boards: production
          waves: [=board-1, rest]
          health: { units: [sshd.service] }
      """;

  private static final String PUSH =
      """
      {"ref": "refs/heads/main", "before": "%1$s", "after": "%1$s", "deleted": false,
       "head_commit": {"id": "%1$s"},
       "repository": {"id": 1, "full_name": "demo/boards", "default_branch": "main",
                      "owner": {"login": "demo", "id": 1}},
       "sender": {"login": "demo", "id": 1, "type": "User"}}
      """;

  public static void main(String[] program) throws Exception {
    Path folder = Files.createTempDirectory("training");
    Path repositories = folder.resolve("repositories");
    Path repository = Files.createDirectories(repositories.resolve("demo/boards.git"));
    Path copy = Files.createDirectories(folder.resolve("copy"));
    var key = SigningKey.generate("boards-1");
    try (var github = GitHubStandIn.start(repositories, new Secret("training"))) {
      git(repository, "init", "-q", "--bare", "--initial-branch=main");
      git(copy, "init", "-q", "--initial-branch=main");
      Files.writeString(
          copy.resolve("flakeferry.yml"), POLICY.formatted(github.serverUrl(), key.publicKey()));
      Files.writeString(copy.resolve("flake.nix"), "{ outputs = _: { }; }");
      git(copy, "add", ".");
      git(copy, "-c", "user.name=demo", "-c", "user.email=demo@example.org", "commit", "-qm", "A");
      git(copy, "push", "-q", repository.toString(), "main");
      Path event = folder.resolve("event.json");
      Files.writeString(event, PUSH.formatted(git(copy, "rev-parse", "HEAD")));

      var run = Command.of(List.of(program)).with("INPUT_SIGNING-KEY", key.export().reveal());
      for (var variable : github.runEnvironment("push", event, folder).entrySet()) {
        run = run.with(variable.getKey(), variable.getValue());
      }
      var finished = run.run(System.out::println, System.out::println);
      String outputs = Files.readString(folder.resolve("file_commands/github_output"));
      if (!outputs.contains("\nevaluation-failed\n")) {
        System.err.println("The training took another way than it should, and " + finished.exit());
        System.exit(1);
      }
    }
  }

  private static String git(Path in, String... words) throws Exception {
    return Command.of("git").and(words).in(in).run().orThrow().output().strip();
  }
}
