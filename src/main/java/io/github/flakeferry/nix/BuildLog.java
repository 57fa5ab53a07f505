package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.BuildFailed.FailedDerivation;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows a build: Nix's log in, progress out, and what failed with the end of its log. For one
 * thread.
 */
final class BuildLog {
  static final int KEPT_LINES = 100;
  private static final long BYTES_EVERY_NANOS = 1_000_000_000L;
  private static final Pattern DERIVATION =
      // of what timed out, 2.8 also says which outputs were asked for: '….drv!*', later '….drv^*'
      Pattern.compile("'(/nix/store/[0-9a-z]{32}-[^'!^]+\\.drv)(?:[!^][^']*)?'");
  private static final Pattern TIMED_OUT =
      Pattern.compile("timed out after \\d+ seconds( of silence)?");
  // the builder's own words, which a daemon adds
  private static final Pattern LAST_LINES = Pattern.compile("(?is);?\\s*last \\d+ log lines:.*");
  private static final Pattern REASON = Pattern.compile("Reason: (.*?)\\.?(\\n|$)");
  private static final Pattern REQUIRED = Pattern.compile("Required system: (.*?)\\.?(\\n|$)");
  // said of what failed only because something else did, and of the whole at the end
  private static final Pattern CONSEQUENCE =
      Pattern.compile(
          "dependenc(y|ies) .*failed|dependenc(y|ies) failed|^build of '[^ ]*$|"
              + "^build of .*' failed$");

  private final Progress progress;
  private final Consumer<StorePath> ended;
  private final LongSupplier nanos;
  private final Map<Long, Build> running = new LinkedHashMap<>();
  private final Map<StorePath, Build> seen = new LinkedHashMap<>();
  private final Map<StorePath, String> failures = new LinkedHashMap<>();
  private final Map<StorePath, String> sources = new LinkedHashMap<>();
  private final List<String> errors = new ArrayList<>();
  private final Transfers transfers = new Transfers();
  private long builds;
  private int done;
  private int expected;
  private ProgressEvent.BuildAdvanced last = new ProgressEvent.BuildAdvanced(0, 0, List.of(), 0, 0);
  private long lastAt;

  /** A derivation that is or was built. */
  private record Build(StorePath derivation, Deque<String> lastLines) {}

  /**
   * @param ended takes each derivation whose building has come to an end, well or not; what it made
   *     is in the store by then
   */
  BuildLog(Progress progress, Consumer<StorePath> ended, LongSupplier nanos) {
    this.progress = progress;
    this.ended = ended;
    this.nanos = nanos;
    this.lastAt = nanos.getAsLong();
  }

  /** Takes the next line of Nix's standard error. */
  void accept(String line) {
    switch (LogLine.parse(line)) {
      case LogLine.Started(long id, int type, LogLine.Fields fields) -> started(id, type, fields);
      case LogLine.Stopped(long id) -> stopped(id);
      case LogLine.Result(long id, int type, LogLine.Fields fields) -> result(id, type, fields);
      case LogLine.Message(int level, String text) -> message(level, NixError.readable(text));
      case LogLine.Other(String text) -> other(NixError.readable(text));
    }
  }

  private void started(long id, int type, LogLine.Fields fields) {
    switch (type) {
      case LogLine.BUILDS -> builds = id;
      case LogLine.BUILD -> {
        StorePath derivation = parse(fields.string(0));
        if (derivation != null) {
          var build = new Build(derivation, new ArrayDeque<>());
          running.put(id, build);
          seen.put(derivation, build);
          progress.report(new ProgressEvent.DerivationBegun(derivation));
          advanced(true);
        }
      }
      case LogLine.COPY_PATH -> {
        StorePath path = parse(fields.string(0));
        if (path != null) {
          sources.put(path, fields.string(1));
        }
        transfers.started(id, type);
      }
      default -> transfers.started(id, type);
    }
  }

  private void stopped(long id) {
    transfers.stopped(id);
    Build build = running.remove(id);
    if (build != null) {
      progress.report(new ProgressEvent.DerivationEnded(build.derivation));
      advanced(true);
      ended.accept(build.derivation);
    }
  }

  private void result(long id, int type, LogLine.Fields fields) {
    switch (type) {
      case LogLine.BUILD_LOG_LINE -> logLine(id, NixError.readable(fields.string(0)));
      case LogLine.POST_BUILD_LOG_LINE ->
          progress.report(
              new ProgressEvent.ForeignLine(
                  "post-build-hook", NixError.readable(fields.string(0))));
      case LogLine.PROGRESS -> {
        if (id == builds) {
          done = (int) fields.number(0);
          expected = (int) fields.number(1);
          advanced(true);
        } else {
          transfers.progressed(id, fields.number(0));
          advanced(false);
        }
      }
      case LogLine.SET_EXPECTED -> transfers.expected(id, (int) fields.number(0), fields.number(1));
      default -> {}
    }
  }

  private void logLine(long id, String text) {
    Build build = running.get(id);
    if (build == null) {
      return;
    }
    if (build.lastLines.size() == KEPT_LINES) {
      build.lastLines.removeFirst();
    }
    build.lastLines.addLast(text);
    progress.report(new ProgressEvent.BuilderLine(build.derivation, text));
  }

  private void message(int level, String text) {
    String plain = text.replaceFirst("^(error|warning):\\s*", "").strip();
    if (level <= LogLine.ERROR && !text.startsWith("warning:")) {
      errors.addAll(List.of(text.split("\n", -1)));
      failure(LAST_LINES.matcher(plain).replaceFirst(""));
    } else if (level <= LogLine.WARNING) {
      if (!plain.contains("'nixbld'")) {
        progress.warn("Nix: " + plain);
      }
    } else if (level == LogLine.INFO && text.matches("(?s)th(is|ese) .*:")) {
      progress.note("Nix: " + text.substring(0, text.length() - 1)); // "these 4 derivations will …"
    }
  }

  // what Nix prints without its JSON: its start-up, or a crash
  private void other(String text) {
    errors.add(text);
  }

  private void failure(String text) {
    Matcher matcher = DERIVATION.matcher(text);
    if (!matcher.find()) {
      // 2.34 does not say what it was that timed out
      if (seen.size() == 1 && TIMED_OUT.matcher(text).matches()) {
        failures.putIfAbsent(seen.keySet().iterator().next(), text);
      }
      return;
    }
    if (CONSEQUENCE.matcher(text.replace('\n', ' ')).find()) {
      return;
    }
    StorePath derivation = parse(matcher.group(1));
    if (derivation != null) {
      failures.putIfAbsent(derivation, cause(text, matcher.group(1)));
    }
  }

  // up to 2.2x: "builder for '….drv' failed with exit code 3"; later: "Cannot build '….drv'." and
  // "Reason: builder failed with exit code 3." on a line of its own
  private static String cause(String text, String derivation) {
    Matcher reason = REASON.matcher(text);
    if (reason.find()) {
      Matcher required = REQUIRED.matcher(text);
      return reason.group(1) + (required.find() ? ": " + required.group(1) : "");
    }
    String whole = String.join(" ", text.lines().map(String::strip).toList());
    Matcher timedOut = TIMED_OUT.matcher(whole);
    if (timedOut.find()) {
      return timedOut.group();
    }
    return whole
        .replace("builder for '" + derivation + "' ", "builder ")
        .replace("'" + derivation + "'", "it");
  }

  private void advanced(boolean atOnce) {
    var now =
        new ProgressEvent.BuildAdvanced(
            done,
            expected,
            running.values().stream().map(b -> b.derivation.derivationName()).toList(),
            transfers.bytes(),
            transfers.expectedBytes());
    long at = nanos.getAsLong();
    if (now.equals(last) || (!atOnce && at - lastAt < BYTES_EVERY_NANOS)) {
      return;
    }
    last = now;
    lastAt = at;
    progress.report(now);
  }

  /** How many derivations were or are built. */
  int built() {
    return seen.size();
  }

  /** How many paths were fetched, or tried to be. */
  int fetched() {
    return sources.size();
  }

  /** Where a path was fetched from last. */
  Optional<String> source(StorePath path) {
    return Optional.ofNullable(sources.get(path));
  }

  /** What failed by its own fault, in that order. */
  List<FailedDerivation> failed() {
    return failures.entrySet().stream()
        .map(
            e ->
                new FailedDerivation(
                    e.getKey(),
                    e.getValue(),
                    seen.containsKey(e.getKey())
                        ? List.copyOf(seen.get(e.getKey()).lastLines)
                        : List.of()))
        .toList();
  }

  /** All errors that Nix told. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  private static @org.jspecify.annotations.Nullable StorePath parse(String text) {
    try {
      return StorePath.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
