package io.github.flakeferry.cache;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.FileWords;
import io.github.flakeferry.support.http.RetryAfter;
import io.github.flakeferry.support.http.Tls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import okhttp3.Response;

/** Says what an answer, or its absence, means for the one who publishes. */
final class HttpProblems {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final String cache;

  HttpProblems(String cache) {
    this.cache = cache;
  }

  static boolean isHtml(Response response, String text) {
    String type = Optional.ofNullable(response.header("Content-Type")).orElse("");
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    return type.startsWith("text/html")
        || start.startsWith("<!doctype html")
        || start.startsWith("<html");
  }

  PublishFailed html(String name, int status) {
    return PublishFailed.answered(
        FailureCode.CACHE_ADDRESS,
        PublishFailed.Extent.CACHE,
        cache,
        name,
        status,
        "%s answers with a web page where %s should be.".formatted(cache, name),
        "This is the address of a web site, or a login page stands before the cache: give the"
            + " cache's own URL.");
  }

  /** For any status but success. */
  RuntimeException refused(String method, String name, Response response) {
    int status = response.code();
    String said = "%s answers %s %s with %d".formatted(cache, method, name, status);
    PublishFailed failure =
        PublishFailed.answered(
            code(status),
            extent(status),
            cache,
            name,
            status,
            said + ".",
            advice(status, response));
    return failure.extent() == PublishFailed.Extent.PASSING
        ? new Retries.Passing(failure, wait(response))
        : failure;
  }

  private static PublishFailed.Extent extent(int status) {
    return switch (status) {
      case 408, 425, 429 -> PublishFailed.Extent.PASSING;
      // too large, or a name that the server does not like: another path may do
      case 411, 413, 414 -> PublishFailed.Extent.PATH;
      default ->
          status >= 500 && !isFinal(status)
              ? PublishFailed.Extent.PASSING
              : PublishFailed.Extent.CACHE;
    };
  }

  // not implemented; not enough room; the server loops or wants another network login
  private static boolean isFinal(int status) {
    return status == 501 || status == 505 || status == 507 || status == 508 || status == 511;
  }

  private static FailureCode code(int status) {
    return switch (status) {
      case 401, 403 -> FailureCode.CACHE_CLOSED;
      case 411, 413, 507 -> FailureCode.CACHE_FULL;
      default ->
          (status >= 500 && status != 501) || extent(status) == PublishFailed.Extent.PASSING
              ? FailureCode.CACHE_DOWN
              : FailureCode.CACHE_ADDRESS;
    };
  }

  private static String advice(int status, Response response) {
    return switch (status) {
      case 401 -> "The cache wants credentials, or those given are wrong or have expired.";
      case 403 -> "These credentials may not write there: look at their permissions.";
      case 404, 405, 501 ->
          "This server does not take PUT at this address: is the URL the one for uploads? Cachix and"
              + " Attic take paths only through their own programs: `through` in the policy, or"
              + " `cachix push` and `attic push` by hand.";
      case 411, 413 -> "The server, or a proxy before it, does not take a body of this size.";
      case 507 -> "The cache is full: remove old paths there, or give it more room.";
      case 301, 302, 303, 307, 308 ->
          "It redirects to "
              + Optional.ofNullable(response.header("Location"))
                  .map(l -> l.replaceFirst("[?#].*", ""))
                  .orElse("nowhere")
              + ": give that address itself, since credentials are sent to no other host.";
      default ->
          status >= 500
              ? "The server is in trouble: its log says more. What was published stays."
              : "";
    };
  }

  private static Duration wait(Response response) {
    Duration asked =
        Optional.ofNullable(response.header("Retry-After"))
            .flatMap(value -> RetryAfter.parse(value, Instant.now()))
            .orElse(Duration.ZERO);
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }

  /** No answer at all. */
  RuntimeException unreachable(String name, IOException fault) {
    if (fault instanceof InterruptedIOException && !(fault instanceof SocketTimeoutException)) {
      return new UncheckedIOException(fault);
    }
    String why =
        switch (fault) {
          case UnknownHostException e -> "its name is not known";
          case ConnectException e -> "nothing listens there";
          case SocketTimeoutException e -> "it does not answer in time";
          case SSLException e -> "no TLS connection: " + e.getMessage();
          default -> FileWords.of(fault);
        };
    boolean passes = !Tls.isLasting(fault);
    PublishFailed failure =
        PublishFailed.of(
            FailureCode.CACHE_DOWN,
            passes ? PublishFailed.Extent.PASSING : PublishFailed.Extent.CACHE,
            cache,
            name,
            "%s can't be reached: %s.".formatted(cache, why),
            passes
                ? "Look at the address, at the server and at the network between."
                : "Look at the server's certificate and at this machine's trusted ones.");
    return passes ? new Retries.Passing(failure, Duration.ZERO) : failure;
  }
}
