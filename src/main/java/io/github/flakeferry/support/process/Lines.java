package io.github.flakeferry.support.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Lines of UTF-8, each handed on as it comes: they end as a {@link java.io.BufferedReader}'s do.
 */
final class Lines implements Drain.Taker {
  private final Consumer<String> each;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean returned;

  Lines(Consumer<String> each) {
    this.each = each;
  }

  @Override
  public void take(byte[] bytes, int offset, int count) {
    int begin = offset;
    for (int i = offset; i < offset + count; i++) {
      byte b = bytes[i];
      if (b == '\n' && returned) {
        begin = i + 1; // the second half of an end
      } else if (b == '\n' || b == '\r') {
        line.write(bytes, begin, i - begin);
        handOn();
        begin = i + 1;
      }
      returned = b == '\r';
    }
    line.write(bytes, begin, offset + count - begin);
  }

  @Override
  public void end() {
    if (line.size() > 0) {
      handOn();
    }
  }

  private void handOn() {
    String whole = line.toString(StandardCharsets.UTF_8);
    line.reset();
    each.accept(whole);
  }
}
