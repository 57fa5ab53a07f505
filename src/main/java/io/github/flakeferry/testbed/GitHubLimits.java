package io.github.flakeferry.testbed;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** GitHub's limits (GitHub docs, "Rate limits for the REST API"). */
final class GitHubLimits {
  private static final int AN_HOUR = 1000;

  private final Semaphore writing = new Semaphore(1);
  private int left = AN_HOUR;
  private long reset = Instant.now().plusSeconds(3600).getEpochSecond();

  /** So many requests are left until then. */
  synchronized void leave(int requests, Instant until) {
    left = requests;
    reset = until.getEpochSecond();
  }

  /** What it answers, or that there was too much: writes go one after another. */
  GitHubAnswer keeping(GitHubCall call, Supplier<GitHubAnswer> answer) {
    if (isUsedUp()) {
      return GitHubAnswer.problem(403, "API rate limit exceeded for installation ID 1.");
    }
    if (!call.isWrite()) {
      return answer.get();
    }
    if (!writing.tryAcquire()) {
      return GitHubAnswer.problem(403, "You have exceeded a secondary rate limit.")
          .with(Map.of("Retry-After", "60"));
    }
    try {
      return answer.get();
    } finally {
      writing.release();
    }
  }

  private synchronized boolean isUsedUp() {
    if (left == 0 && Instant.now().getEpochSecond() >= reset) {
      left = AN_HOUR;
    }
    return left == 0;
  }

  /** The answer with what is left; a 304 costs nothing. */
  synchronized GitHubAnswer told(GitHubAnswer answer) {
    if (answer.status() != 304 && left > 0) {
      left--;
    }
    return answer.with(
        Map.of(
            "X-RateLimit-Limit",
            Integer.toString(AN_HOUR),
            "X-RateLimit-Remaining",
            Integer.toString(left),
            "X-RateLimit-Reset",
            Long.toString(reset)));
  }
}
