package io.github.flakeferry.support.http;

import java.io.IOException;

/** There was no answer: no such host, no connection, too late, too long. */
public final class HttpTrouble extends IOException {
  private final String method;
  private final String place;
  private final String problem;

  HttpTrouble(HttpRequest request, String problem, Throwable cause) {
    super(request + ": " + problem, cause);
    this.method = request.method();
    this.place = request.place();
    this.problem = problem;
  }

  public String method() {
    return method;
  }

  /** The URL without its query. */
  public String place() {
    return place;
  }

  /** What was wrong, in words: "the connection was refused". */
  public String problem() {
    return problem;
  }
}
