package io.github.flakeferry.support.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * When to ask again: RFC 9110 (Retry-After) and GitHub's "Best practices for using the REST API".
 */
final class Waits {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration UNNAMED_LIMIT = Duration.ofSeconds(60);
  private static final Set<Integer> PASSING = Set.of(500, 502, 503, 504);

  private Waits() {}

  /**
   * Judges an answer.
   *
   * @param attempt counted from 1
   * @return how long to wait, or empty where asking again is no use
   */
  static Optional<Duration> after(
      HttpRequest request, HttpAnswer answer, int attempt, Instant now) {
    if (answer.isLimit()) {
      return Optional.of(
          retryAfter(answer, now)
              .or(() -> reset(answer, now))
              .orElse(UNNAMED_LIMIT.multipliedBy(1L << (attempt - 1))));
    }
    // 503 is said before anything is done; after the others it may be done or not
    if (PASSING.contains(answer.status()) && (request.repeatable() || answer.status() == 503)) {
      return Optional.of(retryAfter(answer, now).orElse(doubling(attempt)));
    }
    return Optional.empty();
  }

  /** 1 s, 2 s, 4 s and so on. */
  static Duration doubling(int attempt) {
    return FIRST.multipliedBy(1L << (attempt - 1));
  }

  private static Optional<Duration> retryAfter(HttpAnswer answer, Instant now) {
    return answer.header("retry-after").flatMap(text -> RetryAfter.parse(text, now));
  }

  private static Optional<Duration> reset(HttpAnswer answer, Instant now) {
    return answer
        .header("x-ratelimit-reset")
        .filter(text -> answer.isUsedUp() && text.matches("\\d{1,12}"))
        .map(
            text ->
                notNegative(Duration.between(now, Instant.ofEpochSecond(Long.parseLong(text)))));
  }

  private static Duration notNegative(Duration time) {
    return time.isNegative() ? Duration.ZERO : time;
  }
}
