package io.github.flakeferry.board;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One {@code nix-store --serve --write} on a board, on a channel of its own. */
final class ServeChannel implements AutoCloseable {
  // one command line for any login shell; PATH as in path.sh
  private static final String SERVE =
      "/bin/sh -c 'PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/bin:/bin"
          + " exec nix-store --serve --write'";

  private static final int BUFFER = 1 << 16;
  private static final int LAST_WORDS_SECONDS = 5;

  private final Connection.Remote serve;
  private final OutputStream out;
  private final ServeProtocol protocol;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<List<String>> errors;

  /** Starts it; it must be greeted next. */
  ServeChannel(Connection connection) throws IOException {
    serve = connection.exec(SERVE);
    out = new BufferedOutputStream(serve.input(), BUFFER);
    protocol = new ServeProtocol(serve.output(), out);
    errors = threads.submit(() -> LastLines.of(serve.errors(), 20));
  }

  ServeProtocol protocol() {
    return protocol;
  }

  /** Where the NARs go that were announced. */
  OutputStream out() {
    return out;
  }

  /**
   * How the program ended and what it said, after a stream of it has ended or broken; empty if it
   * has not ended but the link. The protocol has no frame for errors.
   */
  Optional<String> lastWords() {
    try {
      int status = serve.status();
      String said = String.join("\n", errors.get(LAST_WORDS_SECONDS, TimeUnit.SECONDS));
      return Optional.of(said.isEmpty() ? "nix-store ended with " + status : said);
    } catch (IOException | ExecutionException | TimeoutException linkLost) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    serve.close();
    threads.close();
  }
}
