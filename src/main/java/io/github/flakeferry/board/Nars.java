package io.github.flakeferry.board;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes NARs as they are, and never one that is not as long as it was announced. */
final class Nars {
  private final ContentSource contents;
  private final TransferMeter meter;

  Nars(ContentSource contents, TransferMeter meter) {
    this.contents = contents;
    this.meter = meter;
  }

  /**
   * @throws BadContent if it can't be read
   * @throws IOException if it can't be sent
   */
  void write(PathInfo info, OutputStream to) throws IOException {
    var counted = new Counted(to, info);
    try {
      contents.writeNar(info.path(), counted);
    } catch (IOException e) {
      Interruption.check(e);
      throw counted.broken
          ? e
          : new BadContent(
              "the content of %s can't be read: %s".formatted(info.path(), e.getMessage()));
    }
    counted.checkWhole();
  }

  /** A content on our side that can't be had, or is not as long as its info says. */
  static final class BadContent extends IOException {
    BadContent(String message) {
      super(message);
    }
  }

  /** Keeps a wrong length from shifting the frames of all that follows. */
  private final class Counted extends FilterOutputStream {
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
      meter.sent(length, length);
    }

    // whoever writes the content need not know that more comes after it
    @Override
    public void flush() {}

    @Override
    public void close() {}

    void checkWhole() throws IOException {
      if (count != info.narSize()) {
        throw new BadContent(
            "%s has %d bytes instead of %d".formatted(info.path(), count, info.narSize()));
      }
    }
  }
}
