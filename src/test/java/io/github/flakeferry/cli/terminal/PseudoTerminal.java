package io.github.flakeferry.cli.terminal;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A program on a pseudo-terminal of its own, as {@code script} of Debian's bsdutils makes one. */
public final class PseudoTerminal implements AutoCloseable {
  private final Process process;
  private final Reader written;
  private final ScreenModel screen;
  private final StringBuilder all = new StringBuilder();
  private int shown;

  private PseudoTerminal(Process process, ScreenModel screen) {
    this.process = process;
    this.screen = screen;
    this.written = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
  }

  /**
   * Starts it.
   *
   * @param environment besides our own; an empty value takes a variable away
   * @param words without a single quote in them
   */
  public static PseudoTerminal start(
      int columns, int rows, Map<String, String> environment, List<String> words)
      throws IOException {
    var quoted = new ArrayList<String>();
    words.forEach(word -> quoted.add("'" + word + "'"));
    var builder =
        new ProcessBuilder(
            "script",
            "--quiet",
            "--flush",
            "--return",
            "--command",
            "stty cols %d rows %d; exec %s".formatted(columns, rows, String.join(" ", quoted)),
            "/dev/null");
    builder.redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("CI", "NO_COLOR"));
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().putAll(environment);
    return new PseudoTerminal(builder.start(), new ScreenModel(columns, rows));
  }

  /**
   * Reads until somebody would see this, for however short a time, and fails if the program ends
   * before.
   */
  public ScreenModel until(Predicate<ScreenModel> isSeen) throws IOException {
    while (!isSeen.test(screen)) {
      if (shown == all.length() && !read()) {
        throw new AssertionError("it ended, and this is seen:\n" + screen.text());
      }
      show(1);
    }
    return screen;
  }

  private void show(int count) {
    int end = Math.min(all.length(), shown + count);
    screen.take(all.substring(shown, end));
    shown = end;
  }

  /** Gives the window another size, as one does who drags its edge. */
  public void resize(int columns, int rows) throws IOException, InterruptedException {
    Path device =
        process
            .descendants()
            .map(child -> Path.of("/proc/" + child.pid() + "/fd/2"))
            .map(PseudoTerminal::leadsTo)
            .filter(path -> path.startsWith("/dev/pts"))
            .findFirst()
            .orElseThrow();
    var words = List.of("stty", "-F", device.toString(), "cols", "" + columns, "rows", "" + rows);
    if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
      throw new IOException("the window can't be resized");
    }
    screen.resize(columns, rows);
  }

  private static Path leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return link; // it has ended
    }
  }

  /** Presses keys. */
  public void type(String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Reads to its end and returns its exit code. */
  public int exitCode() throws IOException, InterruptedException {
    while (read()) {
      // to the end
    }
    show(all.length());
    return process.waitFor();
  }

  private boolean read() throws IOException {
    char[] some = new char[4096];
    int count = written.read(some);
    if (count > 0) {
      all.append(some, 0, count);
    }
    return count >= 0;
  }

  public ScreenModel screen() {
    return screen;
  }

  /** All that was written, as it was. */
  public String written() {
    return all.toString();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
