package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An image started as GitHub's runner starts a container action (actions/runner,
 * ContainerActionHandler.cs): as root without privileges, in a workspace and a home that belong to
 * the runner's user, told where they are mounted.
 */
public final class ActionContainer {
  private static final String RUNNER_USER = "1001:1001";
  private static final List<String> COMMAND_FILES =
      List.of("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE");

  private final Podman podman;
  private final String image;
  private final Map<String, Path> more = new TreeMap<>();

  public ActionContainer(Podman podman, String image) {
    this.podman = podman;
    this.image = image;
  }

  /** Mounts something else besides; its owner and permissions stay as they are. */
  public ActionContainer mounting(String at, Path path) {
    more.put(at, path);
    return this;
  }

  /**
   * Runs it to its end.
   *
   * @param environment the variables of a run with the machine's own paths in them
   */
  public RehearsedRun run(Map<String, String> environment) throws IOException {
    Path commandFiles = folder(Path.of(environment.get("GITHUB_OUTPUT")));
    Path workflow = Files.createDirectories(commandFiles.resolveSibling("workflow"));
    Files.copy(Path.of(environment.get("GITHUB_EVENT_PATH")), workflow.resolve("event.json"));

    var mounts = new LinkedHashMap<String, Path>();
    var inside = new TreeMap<String, String>();
    mounts.put("/github/workflow", workflow);
    inside.put("GITHUB_EVENT_PATH", "/github/workflow/event.json");
    mounts.put("/github/file_commands", commandFiles);
    for (String name : COMMAND_FILES) {
      inside.put(name, "/github/file_commands/" + Path.of(environment.get(name)).getFileName());
    }
    Map.of(
            "HOME", "/github/home",
            "GITHUB_WORKSPACE", "/github/workspace",
            "RUNNER_TEMP", "/github/runner_temp")
        .forEach(
            (name, mounted) -> {
              mounts.put(mounted, Path.of(environment.get(name)));
              inside.put(name, mounted);
            });
    for (Path folder : mounts.values()) {
      Command.of("chown", "--recursive", RUNNER_USER, folder.toString()).run().orThrow();
    }

    var words = new ArrayList<>(podman.runWords());
    words.addAll(List.of("--workdir", "/github/workspace"));
    // by name alone podman hands on its own: no key is seen among its arguments
    environment.keySet().stream()
        .sorted()
        .forEach(
            name ->
                words.addAll(
                    List.of(
                        "--env", inside.containsKey(name) ? name + "=" + inside.get(name) : name)));
    mounts.putAll(more);
    mounts.forEach((mounted, path) -> words.addAll(List.of("--volume", path + ":" + mounted)));
    words.add(image);
    // the only one of action.yml's "args"
    Optional.ofNullable(environment.get(ActionInputs.variable("command"))).ifPresent(words::add);
    return RehearsedRun.of(words, environment);
  }

  private static Path folder(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    return folder;
  }
}
