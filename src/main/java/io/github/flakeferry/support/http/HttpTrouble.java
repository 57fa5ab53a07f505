package io.github.flakeferry.support.http;

import java.io.IOException;

/** There was no answer: no such host, no connection, too late, too long. */
public final class HttpTrouble extends IOException {
  private final String method;
  private final String place;
  private final String problem;

  private final IOException fault;

  HttpTrouble(HttpRequest request, String problem, IOException fault) {
    super(request + ": " + problem, fault);
    this.fault = fault;
    this.method = request.method();
    this.place = request.place();
    this.problem = problem;
  }

  IOException fault() {
    return fault;
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
