package io.github.flakeferry.pipeline.setup;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.support.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What only a person can do: on the boards, at the forge, in the flake. No secret is in it.
 *
 * @param workflow whose runs need secrets at the forge; absent where none of ours is there
 * @param mayHaveOthers whether runs of this fleet may have other keys already
 * @param missing the cross variants that the flake lacks
 */
record NextSteps(
    Place place,
    Optional<WorkflowText> workflow,
    CiKeys keys,
    boolean mayHaveOthers,
    List<NewBoard> boards,
    List<CrossVariant.Missing> missing) {

  private static final String ONLY_WITHOUT_KEYS =
      "Only if runs of this fleet have no keys yet, as these would take their place.\n";

  /** Numbered, with the lines to type or to paste set off. */
  String text() {
    var steps = new ArrayList<String>();
    boards.stream().map(this::board).forEach(steps::add);
    missing.forEach(variant -> steps.add(cross(variant)));
    workflow
        .map(ours -> ours.forge() == Forge.GITHUB ? gitHub(ours) : secretsOnly(ours))
        .map(step -> mayHaveOthers ? ONLY_WITHOUT_KEYS + step : step)
        .ifPresent(steps::add);
    steps.add(
        """
        Commit, look whether all is right, and push:

        %sFLAKEFERRY_SSH_KEY_FILE=%s FLAKEFERRY_SIGNING_KEY_FILE=%s flakeferry check%s
        """
            .formatted(
                flake(),
                Words.forShell(keys.sshKey().toString()),
                Words.forShell(keys.signingKey().toString()),
                config()));
    var text = new StringBuilder();
    for (int n = 0; n < steps.size(); n++) {
      text.append(n + 1).append(". ").append(indented(steps.get(n))).append('\n');
    }
    return text.toString().stripTrailing();
  }

  // as the workflow's input
  private String flake() {
    String folder = place.flake().toString();
    return folder.isEmpty() ? "" : "FLAKEFERRY_FLAKE=" + Words.forShell(folder) + " ";
  }

  private String config() {
    return place
        .configHere()
        .map(file -> " --config " + Words.forShell(file.toString()))
        .orElse("");
  }

  private static String cross(CrossVariant.Missing variant) {
    return """
        Runs build on %s, and nothing in the flake cross-compiles %s there. In flake.nix, beside it in
        nixosConfigurations; %s:

        %s"""
        .formatted(
            CrossVariant.MACHINE,
            variant.configuration(),
            switch (variant.cross()) {
              case AUTO -> "it is then taken by itself";
              case OFF ->
                  "then name it as the board's configuration, as the policy says `cross: off`";
            },
            variant.lines());
  }

  private static String indented(String step) {
    String[] parts = step.split("\n\n", 2);
    return parts[0].replace("\n", "\n   ")
        + (parts.length == 1
            ? ""
            : "\n\n"
                + parts[1]
                    .lines()
                    .map(line -> line.isEmpty() ? "" : "       " + line)
                    .collect(joining("\n")))
        + "\n";
  }

  private String board(NewBoard board) {
    return board.endpoint().user().equals(Endpoint.ROOT) ? byRoot(board) : byUser(board);
  }

  private String byRoot(NewBoard board) {
    return """
        Let runs log in on %1$s: now by the first line, and for good by the others in its configuration %2$s%8$s:

        ssh-copy-id -f -i %3$s.pub %4$s%5$s

        users.users.root.openssh.authorizedKeys.keys = [ "%6$s" ];
        nix.settings.trusted-public-keys = [ "%7$s" ];
        """
        .formatted(
            board.name(),
            board.configuration(),
            Words.forShell(keys.sshKey().toString()),
            port(board.endpoint()),
            board.endpoint().user() + "@" + board.endpoint().host(),
            keys.authorizedKey(),
            keys.publicKey(),
            orThose());
  }

  private String orThose() {
    return mayHaveOthers ? ",\nor by the keys that runs of this fleet have already" : "";
  }

  private static String port(Endpoint at) {
    return at.port() == Endpoint.SSH ? "" : "-p " + at.port() + " ";
  }

  private String byUser(NewBoard board) {
    return """
        Let %1$s import a module that lets %2$s deploy and do nothing else, and switch it to that by hand once%6$s:

        FLAKEFERRY_SSH_KEY_FILE=%3$s FLAKEFERRY_SIGNING_KEY_FILE=%4$s \\
          flakeferry init --board-module --user %2$s%5$s >flakeferry-board.nix
        """
        .formatted(
            board.configuration(),
            Words.forShell(board.endpoint().user()),
            Words.forShell(keys.sshKey().toString()),
            Words.forShell(keys.signingKey().toString()),
            config(),
            orThose());
  }

  private String gitHub(WorkflowText ours) {
    String name = ours.environment();
    return """
        At GitHub, Settings, Environments: make `%1$s`, for the branch %2$s alone, and for protected tags once the
        policy has a `tag` or a `release`. Its secrets, and no secret of the repository:
        %3$s

        gh api -X PUT 'repos/{owner}/{repo}/environments/%1$s' \\
          -F 'deployment_branch_policy[protected_branches]=false' \\
          -F 'deployment_branch_policy[custom_branch_policies]=true'
        gh api -X POST 'repos/{owner}/{repo}/environments/%1$s/deployment-branch-policies' -f name=%5$s
        %4$s
        """
        .formatted(
            name,
            place.branch(),
            secrets(ours),
            String.join("\n", secretCommands(ours)),
            Words.forShell(place.branch()));
  }

  private List<String> secretCommands(WorkflowText ours) {
    String environment = ours.environment();
    var commands = new ArrayList<String>();
    commands.add(secretCommand(WorkflowText.SSH_KEY, environment) + " <" + file(keys.sshKey()));
    commands.add(
        secretCommand(WorkflowText.SIGNING_KEY, environment) + " <" + file(keys.signingKey()));
    ours.logins().stream()
        .sorted()
        .flatMap(login -> login.secrets().stream())
        .forEach(secret -> commands.add(secretCommand(secret, environment)));
    return commands;
  }

  private static String secretCommand(String secret, String environment) {
    return "gh secret set %s --env %s".formatted(secret, environment);
  }

  private static String file(Path path) {
    return Words.forShell(path.toString());
  }

  private String secretsOnly(WorkflowText ours) {
    return """
        At %s, Settings, Actions, Secrets. Whoever may push a branch can read them: let only those push whom you
        would let deploy.
        %s
        """
        .formatted(ours.forge().label(), secrets(ours));
  }

  private String secrets(WorkflowText ours) {
    return "%s (the file %s), %s (the file %s)%s"
        .formatted(
            WorkflowText.SSH_KEY,
            keys.sshKey(),
            WorkflowText.SIGNING_KEY,
            keys.signingKey(),
            ours.logins().stream().sorted().map(NextSteps::secrets).collect(joining()));
  }

  private static String secrets(CacheLogin login) {
    String names = String.join(", ", login.secrets());
    return switch (login) {
      case CREDENTIALS ->
          "\nand, if the cache wants a login, %s (user:password or a token)".formatted(names);
      case AWS_KEYS -> "\nand, for the bucket, %s".formatted(names);
    };
  }
}
