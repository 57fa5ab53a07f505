package io.github.flakeferry.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * The end of what a terminal shows: some lines that may change, below all that stays. Only what
 * differs is written, each time at once. The terminal's settings, its cursor, its keyboard and the
 * signals of the process are left alone. For one thread at a time, but for {@link #resized} and
 * {@link #continued}.
 */
final class Screen {
  // it would say on our screen that it does not know a terminal, and takes it for one of ANSI then
  private static final Logger CHATTER = Logger.getLogger("org.jline");

  private final Terminal terminal;
  private final OutputStream out;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final boolean coloured;
  private final AtomicReference<Optional<Window>> resized = new AtomicReference<>(Optional.empty());
  private final AtomicBoolean continued = new AtomicBoolean();
  private Display display;
  private Window window;
  private int lines;

  /**
   * @param type of the terminal, as {@code TERM} names it
   */
  Screen(String type, OutputStream out, Window window, boolean coloured) {
    CHATTER.setLevel(Level.OFF);
    try {
      terminal = new LineDisciplineTerminal("screen", type, frame, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.out = out;
    this.coloured = coloured;
    this.window = window;
    this.display = fresh();
  }

  private Display fresh() {
    var empty = new Display(terminal, false);
    empty.resize(Size.of(window.columns(), window.rows()));
    return empty;
  }

  /** The window has another size from now on; is heeded when something is drawn. */
  void resized(Window now) {
    resized.set(Optional.of(now));
  }

  /**
   * The process was stopped, and others have written below what lives: it stays, and begins anew
   * when something is drawn.
   */
  void continued() {
    continued.set(true);
  }

  /** Whether it does not show what was drawn last. */
  boolean isOutdated() {
    return continued.get() || resized.get().isPresent();
  }

  /**
   * Writes lines that stay above those that live, which are replaced. Where none lives any more the
   * terminal is as it was.
   *
   * @param living gives them for a window, none of them wider than that
   */
  void draw(List<StyledLine> above, Function<Window, List<String>> living) {
    if (continued.getAndSet(false)) {
      begin();
    }
    boolean lived = lines > 0;
    resized.getAndSet(Optional.empty()).ifPresent(this::begin);
    List<String> now = living.apply(window);
    if (above.isEmpty() && now.isEmpty() && !lived) {
      return;
    }
    // where it was left, unless keys were pressed, which the terminal shows there: ^C
    terminal.puts(Capability.carriage_return);
    if (!above.isEmpty() || now.isEmpty()) {
      display.update(List.of(), 0, false);
      erase();
      above.forEach(this::write);
    }
    // the cursor stays below them, at the left: what follows a sudden end begins there
    var shown = new ArrayList<AttributedString>();
    now.forEach(line -> shown.add(cut(line)));
    if (!now.isEmpty()) {
      shown.add(AttributedString.EMPTY);
    }
    display.update(shown, now.size() * (window.columns() + 1), false);
    lines = now.size();
    show();
  }

  /** All at once. */
  private void show() {
    terminal.flush();
    try {
      out.write(frame.toByteArray());
      out.flush();
    } catch (IOException e) {
      // the terminal is gone, and nobody looks
    }
    frame.reset();
  }

  private AttributedString cut(String line) {
    return new AttributedStringBuilder()
        .append(new AttributedString(line).columnSubSequence(0, window.columns()))
        .append('\n')
        .toAttributedString();
  }

  private void write(StyledLine line) {
    var styled = new AttributedString(line.text(), style(line.tone()));
    terminal.writer().print(coloured ? styled.toAnsi(terminal) : line.text());
    terminal.writer().print("\r\n");
  }

  private static AttributedStyle style(StyledLine.Tone tone) {
    return switch (tone) {
      case PLAIN -> AttributedStyle.DEFAULT;
      case HEADING -> AttributedStyle.BOLD;
      case GOOD -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
      case DOUBTFUL -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
      case BAD -> AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    };
  }

  // tmux takes what is erased from the very begin of its window for something to be kept above it
  private void erase() {
    terminal.puts(Capability.clr_eol);
    if (lines > 0) {
      terminal.puts(Capability.parm_down_cursor, 1);
      terminal.puts(Capability.clr_eos);
      terminal.puts(Capability.parm_up_cursor, 1);
    }
  }

  // some terminals have wrapped the old lines by now, some have cut them: no more is erased than
  // there was, which may leave the beginnings of some
  private void begin(Window now) {
    if (lines > 0) {
      terminal.puts(Capability.carriage_return);
      terminal.puts(Capability.parm_up_cursor, lines);
      erase();
    }
    window = now;
    begin();
  }

  private void begin() {
    display = fresh();
    lines = 0;
  }
}
