package io.github.flakeferry.fleet;

import io.github.flakeferry.model.terms.HealthChecks;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code health:}. */
final class HealthReader {
  static final List<String> KEYS =
      List.of("units", "no-new-failures", "command", "url", "timeout", "attempts");

  private static final String UNIT = "a unit's whole name such as nginx.service";
  private static final String URL = "a URL such as http://board.lan/health";

  // systemd.unit(5)
  private static final Pattern UNIT_NAME =
      Pattern.compile(
          "[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]{0,200}\\.(service|socket|device|mount|automount"
              + "|swap|target|path|timer|slice|scope)");

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
            section.all("units", UNIT, this::unit),
            section.flag("no-new-failures", usual.noNewFailures()),
            section.commands("command"),
            section.all("url", URL, this::url),
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

  private Optional<String> unit(Node.Text text) {
    if (UNIT_NAME.matcher(text.value()).matches()) {
      return Optional.of(text.value());
    }
    faults.wrongType(text, UNIT);
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
