package io.github.flakeferry.board;

import io.github.flakeferry.model.terms.HealthChecks;
import io.github.flakeferry.support.http.Http;
import io.github.flakeferry.support.http.HttpRequest;
import io.github.flakeferry.support.http.HttpTrouble;
import io.github.flakeferry.support.http.Patience;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks whether a board is well, by what its policy asks. */
final class HealthCheck {
  /** Asks nothing. */
  static final HealthCheck NONE =
      new HealthCheck(
          new HealthChecks(List.of(), false, List.of(), List.of(), Duration.ofSeconds(1), 1),
          List.of());

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final HealthChecks checks;
  private final Set<String> failedBefore;

  /**
   * @param failedBefore units that were failed before anything was activated
   */
  HealthCheck(HealthChecks checks, List<String> failedBefore) {
    this.checks = checks;
    this.failedBefore = Set.copyOf(failedBefore);
  }

  /**
   * Tries until all is well, or the attempts or the time are used up.
   *
   * @return what is not well, in words; empty when all is
   * @throws IOException if the link is lost
   */
  List<String> faults(Connection connection) throws IOException {
    if (checks.isEmpty()) {
      return List.of();
    }
    long end = System.nanoTime() + checks.deadline().toNanos();
    for (int attempt = 1; ; attempt++) {
      List<String> faults = look(connection, end);
      if (faults.isEmpty()
          || attempt >= checks.attempts()
          || System.nanoTime() + PAUSE.toNanos() >= end) {
        return faults;
      }
      Interruption.sleep(PAUSE);
    }
  }

  private List<String> look(Connection connection, long end) throws IOException {
    var faults = new ArrayList<String>();
    units(connection, end, faults);
    for (String command : checks.commands()) {
      command(connection, command, end, faults);
    }
    for (URI url : checks.urls()) {
      url(url, end, faults);
    }
    return faults;
  }

  private void units(Connection connection, long end, List<String> faults) throws IOException {
    if (checks.noNewFailures()) {
      var failed = new HashSet<>(lines(connection, failedUnits(), end));
      failed.removeAll(failedBefore);
      failed.removeAll(checks.units());
      failed.stream()
          .sorted()
          .forEach(unit -> faults.add("the unit " + Scripts.oneLine(unit) + " has failed newly"));
    }
    for (String unit : checks.units()) {
      String is =
          String.join("", lines(connection, "systemctl is-active " + Scripts.quoted(unit), end));
      if (!is.equals("active")) {
        faults.add("the unit " + unit + " is " + (is.isEmpty() ? "unknown" : Scripts.oneLine(is)));
      }
    }
  }

  private static String failedUnits() {
    return "systemctl list-units --state=failed --plain --no-legend --no-pager | sed 's/ .*//'";
  }

  private static List<String> lines(Connection connection, String script, long end)
      throws IOException {
    return connection.runAsUser(path(script), left(end)).output().lines().toList();
  }

  private static String path(String script) {
    return "PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH\n" + script + "\n";
  }

  private static void command(Connection connection, String command, long end, List<String> faults)
      throws IOException {
    long seconds = Math.max(1, left(end).toSeconds());
    // the deadline is the board's matter too: a command that hangs must not hold up the rest
    String script =
        "timeout %d /bin/sh -c %s </dev/null".formatted(seconds, Scripts.quoted(command));
    var answer = connection.runAsUser(path(script), Duration.ofSeconds(seconds + 10));
    if (answer.status() != 0) {
      String said = answer.errors().isBlank() ? answer.output() : answer.errors();
      String how =
          answer.status() == 124
              ? "did not end within " + seconds + " s"
              : "ended with " + answer.status();
      faults.add(
          "the command '%s' %s%s"
              .formatted(command, how, said.isBlank() ? "" : ": " + Scripts.oneLine(said)));
    }
  }

  private static void url(URI url, long end, List<String> faults) throws InterruptedIOException {
    try (var http = new Http()) {
      int status =
          http.send(HttpRequest.get(url).within(left(end)), Patience.of(Duration.ZERO)).status();
      if (status / 100 != 2) {
        faults.add(url + " answers with " + status);
      }
    } catch (HttpTrouble e) {
      faults.add(url + ": " + e.problem());
    } catch (IOException e) {
      Interruption.check(e);
      faults.add(url + ": " + e.getMessage());
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(Duration.ofSeconds(1).toNanos(), end - System.nanoTime()));
  }
}
