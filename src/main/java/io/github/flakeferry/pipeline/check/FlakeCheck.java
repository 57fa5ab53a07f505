package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.FileContent;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether runs will see the flake as it lies here: committed, and with a lock file that names
 * nothing of this machine (Nix manual, "nix flake", "Lock files").
 */
public final class FlakeCheck implements Check {
  private static final Path LOCK = Path.of("flake.lock");
  private static final int SHOWN = 5;

  private final Optional<WorkingCopy> copy;
  private final Path folder;

  /**
   * @param folder where {@code flake.nix} is in the repository; empty: at its root
   */
  public FlakeCheck(Optional<WorkingCopy> copy, Path folder) {
    this.copy = copy;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "flake";
  }

  @Override
  public List<Finding> look() {
    if (copy.isEmpty() || copy.get().head().isEmpty()) {
      return List.of(); // the check of the platforms says so
    }
    var findings = new ArrayList<Finding>();
    findings.add(uncommitted(copy.get()));
    findings.addAll(lock(copy.get(), folder.resolve(LOCK)));
    return findings;
  }

  private Finding uncommitted(WorkingCopy clone) {
    List<String> changed = clone.changed();
    String commit = clone.head().orElseThrow().abbreviated();
    return changed.isEmpty()
        ? Finding.ok(name(), "all is committed: runs build " + commit)
        : Finding.warning(
            name(),
            "runs build %s, and these files here differ from it: %s"
                .formatted(
                    commit,
                    changed.stream().limit(SHOWN).collect(Collectors.joining(", "))
                        + (changed.size() > SHOWN
                            ? " and %d more".formatted(changed.size() - SHOWN)
                            : "")),
            "Commit what is to be deployed; what Git does not know no run has.");
  }

  private List<Finding> lock(WorkingCopy clone, Path lock) {
    GitRevision head = clone.head().orElseThrow();
    return switch (clone.content(head, lock)) {
      case FileContent.Text(String text) -> List.of(locked(lock, text));
      // Nix 2.8 follows one, 2.26 does not
      case FileContent.Link() ->
          List.of(
              wrong(
                  "%s is a symbolic link in commit %s, and Nix wants a file"
                      .formatted(lock, head.abbreviated()),
                  "Commit in its place the file that it leads to."));
      case FileContent.TooLong(long bytes, long most) ->
          List.of(
              Finding.warning(
                  name(),
                  "%s in commit %s has %s, and was not looked at: %s is the most"
                      .formatted(lock, head.abbreviated(), Words.bytes(bytes), Words.bytes(most)),
                  "`nix flake metadata` lists its inputs: let none be a folder of this machine."));
      case FileContent.Absent() -> notCommitted(clone, lock, head);
    };
  }

  // without one and with inputs the flake can't be evaluated: the check of the platforms says so
  private List<Finding> notCommitted(WorkingCopy clone, Path lock, GitRevision head) {
    return Files.exists(clone.root().resolve(lock))
        ? List.of(
            wrong(
                "%s is here, and not in commit %s".formatted(lock, head.abbreviated()),
                "Runs lock nothing by themselves: "
                    + (clone.isIgnored(lock.toString())
                        ? "take it out of .gitignore, and commit it."
                        : "commit it.")))
        : List.of();
  }

  private Finding locked(Path lock, String text) {
    try {
      List<String> own = own(text);
      return own.isEmpty()
          ? Finding.ok(name(), lock + " locks every input to what others can fetch")
          : wrong(
              "%s has inputs that only this machine has: %s"
                  .formatted(lock, String.join(", ", own)),
              "Name a repository or an archive in flake.nix, run `nix flake lock`, and commit.");
    } catch (JacksonException e) {
      return wrong(lock + " is no JSON", "Run `nix flake lock`, and commit it.");
    }
  }

  /** The inputs that are folders here, or clones with changes. */
  private static List<String> own(String lock) {
    var own = new ArrayList<String>();
    JsonMapper.shared()
        .readTree(lock)
        .path("nodes")
        .forEachEntry(
            (name, node) -> {
              if (isOwn(node.path("locked"))) {
                own.add(name);
              }
            });
    return own;
  }

  private static boolean isOwn(JsonNode locked) {
    boolean folder =
        locked.path("type").asString("").equals("path")
            && locked.path("path").asString("").startsWith("/");
    return folder || locked.has("dirtyRev") || locked.path("url").asString("").startsWith("file:");
  }

  private Finding wrong(String message, String advice) {
    return Finding.wrong(name(), FailureCode.LOCK_FILE, message, advice);
  }
}
