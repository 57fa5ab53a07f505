package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings what a board lacks into its store, over one channel and without waiting for each path. As
 * long as it is open, the board's garbage collector keeps what was asked for and what was sent.
 */
final class Transfer implements AutoCloseable {
  // one command line for any login shell; PATH as in path.sh
  private static final String SERVE =
      "/bin/sh -c 'PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/bin:/bin"
          + " exec nix-store --serve --write'";

  private final BoardName board;
  private final Progress progress;
  private final Connection.Remote serve;
  private final OutputStream out;
  private final ServeProtocol protocol;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<List<String>> errors;
  private long sent;

  /** Starts the board's {@code nix-store} and greets it. */
  Transfer(Connection connection, BoardName board, Progress progress) throws IOException {
    this.board = board;
    this.progress = progress;
    serve = connection.exec(SERVE);
    out = new BufferedOutputStream(serve.input(), 1 << 16);
    protocol = new ServeProtocol(serve.output(), out);
    errors = threads.submit(() -> LastLines.of(serve.errors(), 20));
    try {
      protocol.greet();
    } catch (IOException e) {
      IOException told = explain(e);
      close();
      throw told;
    }
  }

  /** What of a closure the board lacks, references before referrers. */
  List<PathInfo> missing(List<PathInfo> closure) throws IOException {
    try {
      Set<StorePath> valid = protocol.validPaths(closure.stream().map(PathInfo::path).toList());
      return TransferOrder.of(closure).stream().filter(i -> !valid.contains(i.path())).toList();
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /**
   * Sends paths and waits until the board's store has them all.
   *
   * @throws BoardFailure if the board's Nix does not take them, with its own words
   * @throws IOException if the link is lost, or a NAR can't be read
   */
  void send(List<PathInfo> missing, ContentSource contents) throws IOException {
    long bytes = missing.stream().mapToLong(PathInfo::narSize).sum();
    progress.report(new ProgressEvent.TransferAdvanced(board, 0, missing.size(), 0, bytes));
    Future<?> replies = threads.submit(() -> awaitReplies(missing, bytes));
    try {
      for (PathInfo info : missing) {
        protocol.announce(info);
        var counted = new Counted(out, info);
        copy(contents, info, counted);
        sent += info.narSize();
      }
      out.flush();
      replies.get();
    } catch (IOException e) {
      throw explain(e);
    } catch (ExecutionException e) {
      throw explain(e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void copy(ContentSource contents, PathInfo info, Counted to) throws IOException {
    try {
      contents.writeNar(info.path(), to);
    } catch (IOException e) {
      Interruption.check(e);
      throw to.broken
          ? e
          : new BadContent(
              "the content of %s can't be read: %s".formatted(info.path(), e.getMessage()));
    }
    to.checkWhole();
  }

  /** NAR bytes that were sent. */
  long sentBytes() {
    return sent;
  }

  private Object awaitReplies(List<PathInfo> missing, long bytes) throws IOException {
    long arrived = 0;
    try {
      for (int i = 0; i < missing.size(); i++) {
        protocol.awaitAdded();
        arrived += missing.get(i).narSize();
        progress.report(
            new ProgressEvent.TransferAdvanced(board, i + 1, missing.size(), arrived, bytes));
      }
    } catch (IOException e) {
      serve.close(); // wakes the sender, which may wait for room in the channel
      throw e;
    }
    return missing;
  }

  // the protocol has no frame for errors: the program ends, and says why on its standard error
  private IOException explain(IOException e) throws InterruptedIOException {
    Interruption.check(e);
    if (e instanceof BadContent || e instanceof ServeProtocol.Mismatch) {
      throw new BoardFailure(Outcome.FAILED, board + ": " + e.getMessage(), "");
    }
    serve.close();
    List<String> said;
    try {
      said = errors.get();
    } catch (ExecutionException | InterruptedException unheard) {
      said = List.of();
    }
    if (said.isEmpty()) {
      return e;
    }
    throw NixComplaint.of(board, String.join("\n", said));
  }

  /** A content on our side that can't be had, or is not as long as its info says. */
  private static final class BadContent extends IOException {
    BadContent(String message) {
      super(message);
    }
  }

  /** Keeps a wrong length from shifting the frames of all that follows. */
  private static final class Counted extends FilterOutputStream {
    private final PathInfo info;
    private long count;
    private boolean broken;

    Counted(OutputStream to, PathInfo info) {
      super(to);
      this.info = info;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count += length;
      if (count > info.narSize()) {
        throw new BadContent(info.path() + " has more than " + info.narSize() + " bytes");
      }
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void close() {}

    void checkWhole() throws IOException {
      if (count != info.narSize()) {
        throw new BadContent(
            "%s has %d bytes instead of %d".formatted(info.path(), count, info.narSize()));
      }
    }
  }

  @Override
  public void close() {
    serve.close();
    threads.close();
  }
}
