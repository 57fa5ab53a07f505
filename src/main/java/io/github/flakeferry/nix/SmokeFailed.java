package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Programs of new systems did not do what the policy's smoke commands want of them. */
public final class SmokeFailed extends Failure {
  private final List<Failed> failed;

  /**
   * A system that failed.
   *
   * @param command at which one; absent where none was begun
   * @param cause what Nix says of it: "builder failed with exit code 3"
   * @param timedOut whether the deadline of all commands ended it
   * @param lastLines what the commands wrote last, at most 100 lines
   */
  public record Failed(
      SmokeTest test,
      Optional<String> command,
      String cause,
      boolean timedOut,
      List<String> lastLines) {
    public Failed {
      lastLines = List.copyOf(lastLines);
    }

    private String told() {
      String configuration = test.system().configuration();
      if (timedOut) {
        return "the smoke commands of %s did not end within %s%s"
            .formatted(
                configuration,
                Words.time(test.smoke().deadline()),
                command.map(c -> ": `" + c + "` was running").orElse(""));
      }
      return command
          .map(c -> "the smoke command `%s` of %s failed: %s".formatted(c, configuration, cause))
          .orElseGet(
              () ->
                  "the smoke commands of %s can't be run by its shell, %s/sw/bin/sh: %s"
                      .formatted(configuration, test.system().toplevel(), cause));
    }

    private String byHand() {
      String path = test.system().toplevel() + "/sw/bin";
      return "env -i PATH=%s %s/sh -ec '%s'"
          .formatted(
              path,
              path,
              command.orElseGet(() -> test.smoke().commands().getFirst()).replace("'", "'\\''"));
    }
  }

  SmokeFailed(List<Failed> failed) {
    super(
        FailureCode.SMOKE,
        failed.stream().map(Failed::told).collect(Collectors.joining("\n")),
        advice(failed));
    this.failed = List.copyOf(failed);
  }

  private static String advice(List<Failed> failed) {
    String more =
        failed.stream().anyMatch(Failed::timedOut)
            ? " (`smoke-timeout` in the policy gives them more time)"
            : "";
    return "No board was touched%s. The same by hand, on the machine that built:\n%s"
        .formatted(more, failed.stream().map(Failed::byHand).collect(Collectors.joining("\n")));
  }

  /** In the order in which they were tried. */
  public List<Failed> failed() {
    return failed;
  }

  /** What the commands wrote last. */
  @Override
  public List<String> details() {
    var details = new ArrayList<String>();
    for (Failed each : failed) {
      details.add("--- " + each.test().system().configuration());
      details.addAll(each.lastLines());
    }
    return details;
  }
}
