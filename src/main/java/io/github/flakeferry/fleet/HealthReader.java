package io.github.flakeferry.fleet;

import io.github.flakeferry.model.terms.HealthChecks;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads {@code health:}. */
final class HealthReader {
  static final List<String> KEYS =
      List.of("units", "no-new-failures", "command", "url", "timeout", "attempts");

  private static final String UNIT = "a unit's whole name such as nginx.service";
  private static final String COMMAND = "a command on one line";
  private static final String URL = "a URL such as http://board.lan/health";

  // systemd.unit(5)
  private static final Pattern UNIT_NAME =
      Pattern.compile(
          "[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,200}\\.(service|socket|device|mount|automount"
              + "|swap|target|path|timer|slice|scope)");
  private static final Pattern ONE_LINE = Pattern.compile("[^\\p{Cntrl}]+");

  private final Section section;
  private final Faults faults;

  HealthReader(Section section, Faults faults) {
    this.section = section;
    this.faults = faults;
  }

  /**
   * The checks and where the file has their timeout, if it has.
   *
   * @param deadlinePlace of the value
   */
  record Read(HealthChecks checks, Optional<Place> deadlinePlace) {}

  /**
   * Reads them; a timeout that isn't given is no longer than what there is to confirm in.
   *
   * @param confirm how long the board waits for a confirmation
   */
  Read read(Duration confirm) {
    HealthChecks usual = within(HealthChecks.DEFAULT, confirm);
    Optional<Duration> deadline =
        section.duration("timeout", Duration.ofSeconds(1), Duration.ofHours(1));
    var checks =
        new HealthChecks(
            all("units", UNIT, this::unit),
            section.flag("no-new-failures", usual.noNewFailures()),
            all("command", COMMAND, this::command),
            all("url", URL, this::url),
            deadline.orElse(usual.deadline()),
            section.integer("attempts", usual.attempts(), 1, 100));
    return new Read(checks, deadline.flatMap(d -> section.find("timeout")).map(Node::place));
  }

  static HealthChecks within(HealthChecks checks, Duration confirm) {
    return checks.deadline().compareTo(confirm) <= 0
        ? checks
        : new HealthChecks(
            checks.units(),
            checks.noNewFailures(),
            checks.commands(),
            checks.urls(),
            confirm,
            checks.attempts());
  }

  private <T> List<T> all(String key, String expected, Function<Node.Text, Optional<T>> read) {
    var values = new ArrayList<T>();
    for (Node node : section.find(key).map(Faults::oneOrMore).orElse(List.of())) {
      faults.text(node, expected).flatMap(read).ifPresent(values::add);
    }
    return values;
  }

  private Optional<String> unit(Node.Text text) {
    if (UNIT_NAME.matcher(text.value()).matches()) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, UNIT);
    return Optional.empty();
  }

  private Optional<String> command(Node.Text text) {
    if (ONE_LINE.matcher(text.value()).matches()) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, COMMAND);
    return Optional.empty();
  }

  // not shown where it is wrong: somebody may have put a password there
  private Optional<URI> url(Node.Text text) {
    try {
      var url = new URI(text.value());
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null && url.getRawUserInfo() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // told below
    }
    faults.add(text.place(), "expected " + URL + ", without user and password");
    return Optional.empty();
  }
}
