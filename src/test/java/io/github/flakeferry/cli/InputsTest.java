package io.github.flakeferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.pipeline.HandedOver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputsTest {
  @Test
  void aJobThatNeedsNoSecretsReadsNone() {
    var inputs =
        new Inputs(
            Map.of(
                "INPUT_SIGNING-KEY", "no key at all",
                "FLAKEFERRY_SSH_KEY_FILE", "/nowhere",
                "INPUT_CACHE-CREDENTIALS", " ",
                "SSH_AUTH_SOCK", "/nowhere",
                "INPUT_BOARDS", "a | b"));

    assertThat(inputs.secretsGiven()).containsExactly("ssh-key", "signing-key");
    assertThat(inputs.withoutSecrets())
        .isEqualTo(new Inputs(Map.of("FLAKEFERRY_BOARDS", "a | b")).settings());
    assertThatThrownBy(inputs::settings).isInstanceOf(BadInput.class);
  }

  @Test
  void whatIsHandedOverIsNamedByOptionOrInputAndLiesTogether() {
    var inputs = new Inputs(Map.of("INPUT_RECORD", "/handover/record.json"));
    var record = Path.of("/handover/record.json");

    assertThat(inputs.handedOver(Optional.empty(), Optional.empty()))
        .isEqualTo(new HandedOver(record, Path.of("/handover/closure")));
    assertThat(inputs.handedOver(Optional.of(Path.of("/r")), Optional.of(Path.of("/c"))))
        .isEqualTo(new HandedOver(Path.of("/r"), Path.of("/c")));
    var both = new Inputs(Map.of("INPUT_RECORD", "/r", "FLAKEFERRY_CLOSURE", "/c"));
    assertThat(both.handedOver(Optional.empty(), Optional.empty()))
        .isEqualTo(new HandedOver(Path.of("/r"), Path.of("/c")));
  }

  @Test
  void keysComeInLinesOrInBase64AndMeanTheSame() {
    String lines =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----";
    var signing = SigningKey.generate("boards-1");
    String name = signing.export().reveal();
    for (String ssh :
        List.of(
            lines,
            lines + "\n",
            "\n" + lines.replace("\n", "\r\n") + "\r\n",
            base64(lines),
            base64(lines + "\n"),
            base64(lines.replace("\n", "\r\n")),
            inLines(base64(lines)))) {
      var login = new Inputs(Map.of("INPUT_SSH-KEY", ssh)).settings().login().orElseThrow();
      assertThat(((SshKey) login).text().reveal().strip()).isEqualTo(lines);
      assertThat(((SshKey) login).text().reveal()).endsWith("KEY-----\n");
    }
    for (String input : List.of("signing-key", "pull-request-signing-key")) {
      for (String text : List.of(name, name + "\r\n", base64(name), inLines(base64(name + "\n")))) {
        var settings =
            new Inputs(Map.of("INPUT_" + input.toUpperCase(Locale.ROOT), text)).settings();
        assertThat(settings.signingKey().or(settings::pullRequestSigningKey))
            .hasValueSatisfying(key -> assertThat(key.export().reveal()).isEqualTo(name));
      }
    }
  }

  @Test
  void whatIsNoKeyIsSaidWithoutItsText() {
    for (String input : List.of("ssh-key", "signing-key", "pull-request-signing-key")) {
      for (String text : List.of("hunter2", base64("hunter2"), "hunter2!", "-----END hunter2")) {
        var inputs = new Inputs(Map.of("INPUT_" + input.toUpperCase(Locale.ROOT), text));
        assertThatThrownBy(inputs::settings)
            .isInstanceOf(BadInput.class)
            .hasMessageContaining("the input " + input)
            .hasMessageNotContainingAny("hunter2", base64("hunter2"));
      }
    }
  }

  @Test
  void aSecretInPlaceOfItsFilesNameIsNotTold() {
    for (String secret :
        List.of("ssh-key", "ssh-key-passphrase", "signing-key", "cache-credentials")) {
      String variable = "FLAKEFERRY_" + secret.toUpperCase(Locale.ROOT).replace('-', '_') + "_FILE";
      for (String text :
          List.of(
              "hunter2",
              "-----BEGIN\nhunter2\n",
              "hunter2".repeat(100),
              "hunter2\0",
              "/etc/hunter2/..")) {
        var given = new HashMap<>(Map.of("INPUT_SSH-KEY", "-----BEGIN X-----"));
        if (secret.equals("ssh-key")) {
          given.clear();
        }
        given.put(variable, text);
        assertThatThrownBy(new Inputs(given)::settings)
            .isInstanceOf(BadInput.class)
            .hasMessageContaining(variable)
            .hasMessageNotContaining("hunter2");
      }
    }
  }

  @Test
  void loginsForHostsThatDoNotParseAreToldByTheirLineWithoutTheirText(@TempDir Path folder)
      throws IOException {
    String netrc = "\n\n# hunter2\r\nmachine hunter2 pasword hunter2\n";
    Path file = Files.writeString(folder.resolve("logins"), netrc);
    for (var given :
        List.of(
            Map.of("INPUT_CACHE-CREDENTIALS", netrc),
            Map.of("FLAKEFERRY_CACHE_CREDENTIALS_FILE", file.toString()))) {
      assertThatThrownBy(new Inputs(given)::settings)
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("the input cache-credentials: in line 4 expected ")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void loginsAreTakenWithTheWhiteSpaceThatEditorsLeave() {
    for (String text :
        List.of("me:pw", "me:pw\n", "\uFEFFme:pw\r\n", " machine a login me password pw ")) {
      var settings = new Inputs(Map.of("INPUT_CACHE-CREDENTIALS", text)).settings();
      assertThat(settings.credentialsFor(URI.create("http://a/x"))).contains(new Secret("me:pw"));
    }
  }

  @Test
  void theFlakesFolderIsInTheRepository() {
    assertThat(new Inputs(Map.of()).settings().flakeFolder()).isEqualTo(Path.of(""));
    for (String root : List.of(".", "./", "a/..")) {
      assertThat(new Inputs(Map.of("INPUT_FLAKE", root)).settings().flakeFolder())
          .isEqualTo(Path.of(""));
    }
    assertThat(new Inputs(Map.of("INPUT_FLAKE", "./nix/boards/")).settings().flakeFolder())
        .isEqualTo(Path.of("nix/boards"));
    for (String elsewhere : List.of("/etc", "../x", "a/../../x", "a\0b")) {
      var inputs = new Inputs(Map.of("INPUT_FLAKE", elsewhere));
      assertThatThrownBy(inputs::settings)
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("the input flake");
    }
  }

  @Test
  void anActionIsOneOfFour() {
    for (String action : List.of("switch", "test", "boot", "dry-activate")) {
      var narrowing = new Inputs(Map.of("INPUT_ACTION", action)).settings().narrowing();
      assertThat(narrowing.action().orElseThrow().label()).isEqualTo(action);
    }
    assertThatThrownBy(new Inputs(Map.of("INPUT_ACTION", "give-back"))::settings)
        .hasMessageContaining("switch, test, boot, dry-activate");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String inLines(String text) {
    return text.replaceAll("(.{16})", "$1\n");
  }
}
