package io.github.flakeferry.forge.actions;

import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** The files that a step tells the runner something by: its summary and its outputs. */
final class RunFiles {
  /** What the runner takes; of more it takes nothing. */
  static final int LONGEST_SUMMARY = 1 << 20;

  private static final String CUT = "\n\n*The rest is left out: a summary can't be longer.*\n";

  private final Optional<Path> outputs;
  private final Optional<Path> summary;
  private final Progress log;
  private Optional<Long> othersSummary = Optional.empty();

  RunFiles(Variables variables, Progress log) {
    this.outputs = variables.get("GITHUB_OUTPUT").map(Path::of);
    this.summary = variables.get("GITHUB_STEP_SUMMARY").map(Path::of);
    this.log = log;
  }

  /** Appends an output. */
  synchronized void output(String name, String value) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_-]*")) {
      throw new IllegalArgumentException("not the name of an output: '" + name + "'");
    }
    if (outputs.isEmpty()) {
      return;
    }
    // random, so that no value can hold it and set other outputs
    String delimiter = "end-" + UUID.randomUUID();
    String text = name + "<<" + delimiter + "\n" + value + "\n" + delimiter + "\n";
    try (var file = open(outputs.get())) {
      long end = file.size();
      String before = end == 0 || endsLine(file, end) ? "" : "\n";
      write(file, end, before + text);
    } catch (IOException e) {
      log.warn("The output " + name + " could not be set: " + e.getMessage() + ".");
    }
  }

  /** Appends the summary to what earlier commands of the same step wrote; replaces our own. */
  synchronized void summary(String markdown) {
    if (summary.isEmpty()) {
      return;
    }
    try (var file = open(summary.get())) {
      if (othersSummary.isEmpty()) {
        othersSummary = Optional.of(file.size());
      }
      long start = othersSummary.get();
      file.truncate(start);
      String before = start == 0 || endsLine(file, start) ? "" : "\n";
      write(file, start, cut(before + markdown + "\n", LONGEST_SUMMARY - start));
    } catch (IOException e) {
      log.warn("The summary could not be written: " + e.getMessage() + ".");
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static boolean endsLine(FileChannel file, long size) throws IOException {
    var last = ByteBuffer.allocate(1);
    file.read(last, size - 1);
    return last.get(0) == '\n';
  }

  private static void write(FileChannel file, long at, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    long position = at;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
  }

  private static String cut(String text, long mostBytes) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= mostBytes) {
      return text;
    }
    int end = (int) mostBytes - CUT.length();
    if (end <= 0) {
      return "";
    }
    // not in the middle of a character: UTF-8's continuation bytes are 10xxxxxx
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
