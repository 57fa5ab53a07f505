package io.github.flakeferry.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** What differs between two versions of a text file. */
public final class LineDiff {
  private LineDiff() {}

  /** The hunks as {@code diff -u} shows them, without a header; empty where nothing differs. */
  public static String of(String old, String now) {
    var before = new RawText(old.getBytes(StandardCharsets.UTF_8));
    var after = new RawText(now.getBytes(StandardCharsets.UTF_8));
    var out = new ByteArrayOutputStream();
    try (var formatter = new DiffFormatter(out)) {
      formatter.format(
          new HistogramDiff().diff(RawTextComparator.DEFAULT, before, after), before, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
