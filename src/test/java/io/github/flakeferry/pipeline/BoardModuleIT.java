package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.board.BoardScript;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The module as Nix reads it. */
final class BoardModuleIT {
  private static final String SSH_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3rXxKf1GGk8DxlZhYe1hKHlZ5M3wYm3Pj1fZr0v7mO";
  private static final String TRUSTED = "cache-1:trxKiDBw3ySON0Uz1kOehXDtYw2f0VMs1/jAKbCHpHU=";
  private static final String PREVIEWS = "previews-1:B4MUVBEzeR6M3KgFuomZ7yUsjsj+rVHhZnrAPYL3GSM=";
  private static final Policy POLICY =
      PolicyReader.read(
          "f",
          """
          caches:
            - { url: "https://a.example.org", public-key: "%s" }
            - { url: "https://b.example.org", public-key: "%s", for: pull-requests }
            - { url: "https://c.example.org" }
          boards: { one: { host-key: %s } }
          """
              .formatted(TRUSTED, PREVIEWS, SSH_KEY));

  @TempDir Path temp;

  @Test
  void itGivesTheUserOneCommandAndTheBoardTheKeys() throws IOException {
    SigningKey own = SigningKey.generate("own-1");
    JsonNode config =
        evaluate(
            BoardModule.of(
                POLICY, Audience.TRUSTED, "ci.Ferry", Optional.of(SSH_KEY), Optional.of(own)));

    assertThat(config.propertyNames())
        .containsExactlyInAnyOrder("users", "security", "environment", "nix");
    JsonNode user = config.at("/users/users/ci.Ferry");
    assertThat(user.path("isNormalUser").asBoolean()).isTrue();
    assertThat(texts(user.at("/openssh/authorizedKeys/keys"))).containsExactly(SSH_KEY);
    JsonNode rules = config.at("/security/sudo/extraRules");
    assertThat(rules).hasSize(1);
    assertThat(texts(rules.at("/0/users"))).containsExactly("ci.Ferry");
    assertThat(rules.at("/0/commands")).hasSize(1);
    assertThat(rules.at("/0/commands/0/command").asString()).isEqualTo(BoardScript.INSTALLED);
    assertThat(texts(rules.at("/0/commands/0/options"))).containsExactly("NOPASSWD");
    assertThat(texts(config.at("/nix/settings/trusted-public-keys")))
        .containsExactly(TRUSTED, own.publicKey().toString());
    assertThat(config.at("/environment/etc/flakeferry~1trusted-keys/text").asString())
        .isEqualTo(TRUSTED + "\n" + own.publicKey() + "\n");
  }

  @Test
  void theScriptIsInstalledAsItIs() throws IOException {
    JsonNode packages =
        evaluate(
                BoardModule.of(
                    POLICY, Audience.TRUSTED, "deploy", Optional.of(SSH_KEY), Optional.empty()))
            .at("/environment/systemPackages");

    assertThat(packages).hasSize(1);
    JsonNode script = packages.get(0);
    assertThat(script.path("executable").asBoolean()).isTrue();
    assertThat("/run/current-system/sw" + script.path("destination").asString())
        .isEqualTo(BoardScript.INSTALLED);
    assertThat(script.path("text").asString()).isEqualTo(BoardScript.text());
  }

  @Test
  void previewBoardsTakeWhatIsSignedForPullRequests() throws IOException {
    JsonNode config =
        evaluate(
            BoardModule.of(
                POLICY, Audience.PULL_REQUESTS, "deploy", Optional.of(SSH_KEY), Optional.empty()));
    assertThat(texts(config.at("/nix/settings/trusted-public-keys"))).containsExactly(PREVIEWS);
  }

  @Test
  void whatIsNotKnownIsMarkedAndLetsNobodyIn() throws IOException {
    var module = new BoardModule("deploy", Optional.empty(), List.of());
    assertThat(module.render().lines().filter(l -> l.contains("CHANGE ME"))).hasSize(2);
    JsonNode config = evaluate(module);
    assertThat(config.at("/users/users/deploy/openssh/authorizedKeys/keys")).isEmpty();
    assertThat(config.at("/nix/settings/trusted-public-keys")).isEmpty();
  }

  private JsonNode evaluate(BoardModule module) throws IOException {
    Path file = Files.writeString(temp.resolve("board.nix"), module.render());
    Command.of("nix-instantiate", "--parse", file.toString()).run().orThrow();
    String expression =
        "import %s { pkgs.writeTextFile = x: x; config = { }; lib = { }; }".formatted(file);
    return new ObjectMapper()
        .readTree(
            Command.of("nix-instantiate", "--eval", "--strict", "--json", "--expr", expression)
                .run()
                .orThrow()
                .output());
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
