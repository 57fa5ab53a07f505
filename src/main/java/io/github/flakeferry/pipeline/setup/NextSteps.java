package io.github.flakeferry.pipeline.setup;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What only a person can do: on the boards, at the forge, in the flake. No secret is in it.
 *
 * @param branch that deploys
 * @param login whether the cache may want one
 * @param missing the cross variants that the flake lacks
 */
record NextSteps(
    Forge forge,
    String branch,
    CiKeys keys,
    List<NewBoard> boards,
    boolean login,
    List<CrossVariant.Missing> missing) {

  /** Numbered, with the lines to type or to paste set off. */
  String text() {
    var steps = new ArrayList<String>();
    boards.stream().map(this::board).forEach(steps::add);
    missing.forEach(variant -> steps.add(cross(variant)));
    steps.add(forge == Forge.GITHUB ? gitHub() : secretsOnly());
    steps.add(
        """
        Commit, look whether all is right, and push:

        FLAKEFERRY_SSH_KEY_FILE=%s FLAKEFERRY_SIGNING_KEY_FILE=%s flakeferry check
        """
            .formatted(
                Words.forShell(keys.sshKey().toString()),
                Words.forShell(keys.signingKey().toString())));
    var text = new StringBuilder();
    for (int n = 0; n < steps.size(); n++) {
      text.append(n + 1).append(". ").append(indented(steps.get(n))).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private static String cross(CrossVariant.Missing variant) {
    return """
        Runs build on %s, and nothing in the flake cross-compiles %s there. In flake.nix, beside it in
        nixosConfigurations; it is then taken by itself:

        %s"""
        .formatted(CrossVariant.MACHINE, variant.configuration(), variant.lines());
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
        Let runs log in on %1$s, now and by its configuration %2$s:

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
            keys.publicKey());
  }

  private static String port(Endpoint at) {
    return at.port() == Endpoint.SSH ? "" : "-p " + at.port() + " ";
  }

  private String byUser(NewBoard board) {
    return """
        Let %1$s import a module that lets %2$s deploy and do nothing else, and switch it to that by hand once:

        FLAKEFERRY_SSH_KEY_FILE=%3$s FLAKEFERRY_SIGNING_KEY_FILE=%4$s \\
          flakeferry init --board-module --user %2$s >flakeferry-board.nix
        """
        .formatted(
            board.configuration(),
            board.endpoint().user(),
            Words.forShell(keys.sshKey().toString()),
            Words.forShell(keys.signingKey().toString()));
  }

  private String gitHub() {
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
            PolicyText.ENVIRONMENT,
            branch,
            secrets(),
            Stream.of(
                    "gh secret set %s --env %s <%s"
                        .formatted(
                            WorkflowText.SSH_KEY,
                            PolicyText.ENVIRONMENT,
                            Words.forShell(keys.sshKey().toString())),
                    "gh secret set %s --env %s <%s"
                        .formatted(
                            WorkflowText.SIGNING_KEY,
                            PolicyText.ENVIRONMENT,
                            Words.forShell(keys.signingKey().toString())))
                .collect(joining("\n")),
            Words.forShell(branch));
  }

  private String secretsOnly() {
    return """
        At %s, Settings, Actions, Secrets. Whoever may push a branch can read them: let only those push whom you
        would let deploy.
        %s
        """
        .formatted(forge.label(), secrets());
  }

  private String secrets() {
    return "%s (the file %s), %s (the file %s)%s"
        .formatted(
            WorkflowText.SSH_KEY,
            keys.sshKey(),
            WorkflowText.SIGNING_KEY,
            keys.signingKey(),
            login
                ? "\nand, if the cache wants a login, %s (user:password or a token)"
                    .formatted(WorkflowText.CREDENTIALS)
                : "");
  }
}
