package io.github.flakeferry.nix;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What this machine's Nix can build for.
 *
 * @param platform its own
 * @param local its own, and those that its settings say it runs besides
 * @param buildable these, and those of its remote builders
 * @param sandbox whether builds are to be kept from the network and from what they don't refer to
 * @param netrc where its logins for downloads are, if there are any
 * @param ownStore whether what is built comes to lie in this machine's files
 * @param frugal whether its store shares equal files, or frees room by itself when it gets short
 * @param remote whether a daemon outside of this container builds, whose settings nobody sees here
 */
record Machine(
    SystemPlatform platform,
    Set<String> local,
    Set<String> buildable,
    boolean sandbox,
    Path netrc,
    boolean ownStore,
    boolean frugal,
    boolean remote) {
  private static final Pattern OWN_STORE = Pattern.compile("(auto|daemon|local|unix://.*)?");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Machine {
    local = Set.copyOf(local);
    buildable = Set.copyOf(buildable);
  }

  static Machine ask(NixProgram program) {
    String purpose = "show its configuration";
    NixProgram.Answer answer = program.run(program.nix("config", "show", "--json"));
    if (!answer.exit().succeeded()) { // before 2.20
      answer =
          program.runOrFail(program.nix("show-config", "--json"), FailureCode.NIX_FAILED, purpose);
    }
    try {
      return of(JSON.readTree(answer.output()), Quarters.remote().isPresent());
    } catch (JacksonException | IllegalArgumentException e) {
      throw NixFailed.strange(FailureCode.NIX_FAILED, purpose, String.valueOf(e.getMessage()));
    }
  }

  static Machine of(JsonNode config, boolean remote) {
    String own = config.path("system").path("value").asString();
    var local = new LinkedHashSet<String>();
    local.add(own);
    config
        .path("extra-platforms")
        .path("value")
        .values()
        .forEach(platform -> local.add(platform.asString()));
    var buildable = new LinkedHashSet<>(local);
    builders(config.path("builders").path("value").asString(""))
        .forEach(line -> addPlatforms(line, own, buildable));
    return new Machine(
        new SystemPlatform(own),
        local,
        buildable,
        // or "relaxed": not for those that ask for it, which ours don't
        !config.path("sandbox").path("value").asString("false").equals("false"),
        Path.of(config.path("netrc-file").path("value").asString("/etc/nix/netrc")),
        OWN_STORE.matcher(config.path("store").path("value").asString("")).matches(),
        config.path("auto-optimise-store").path("value").asBoolean(false)
            || config.path("min-free").path("value").asLong(0) > 0,
        remote);
  }

  // Nix manual, "Remote builds": machines by newline or semicolon; @file stands for a file of them
  private static List<String> builders(String value) {
    return Stream.of(value.split("[\n;]", -1))
        .map(String::strip)
        .flatMap(line -> line.startsWith("@") ? lines(line.substring(1)).stream() : Stream.of(line))
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static List<String> lines(String file) {
    try {
      Path path = Path.of(file);
      return Files.isRegularFile(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException e) {
      return List.of(); // Nix itself goes on without a file that it can't read
    }
  }

  // "URI platform,platform …"; without a second field, or with a hyphen: the machine's own
  private static void addPlatforms(String line, String own, Set<String> to) {
    String[] fields = line.split("\\s+", -1);
    if (fields.length < 2 || fields[1].equals("-")) {
      to.add(own);
    } else {
      to.addAll(List.of(fields[1].split(",", -1)));
    }
  }

  /** Whether Nix lets programs of this platform run on it. */
  boolean runs(SystemPlatform other) {
    return local.contains(other.value());
  }

  /** Whether programs are to be kept from the network; a daemon outside is asked for it always. */
  boolean wantsSandbox() {
    return sandbox || remote;
  }

  /** Whether it, or a builder it knows, can do this derivation. */
  boolean canBuild(DerivationFile derivation) {
    return derivation.builder().startsWith("builtin:")
        || derivation.system().equals("builtin")
        || buildable.contains(derivation.system());
  }
}
