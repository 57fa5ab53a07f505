package io.github.flakeferry.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a step told the runner by {@code $GITHUB_OUTPUT} (GitHub docs, "Workflow commands"). */
public final class RunOutputs {
  private RunOutputs() {}

  /**
   * Reads the file as the runner does: {@code name<<delimiter}, lines, the delimiter alone; or
   * {@code name=value}.
   *
   * @throws IOException if it can't be read, or a value has no end
   */
  public static Map<String, String> read(Path file) throws IOException {
    var outputs = new LinkedHashMap<String, String>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int heredoc = line.indexOf("<<");
      int equals = line.indexOf('=');
      if (heredoc > 0 && (equals < 0 || heredoc < equals)) {
        String delimiter = line.substring(heredoc + 2);
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).equals(delimiter)) {
          end++;
        }
        if (end == lines.size()) {
          throw new IOException("the output " + line.substring(0, heredoc) + " has no end");
        }
        outputs.put(line.substring(0, heredoc), String.join("\n", lines.subList(i + 1, end)));
        i = end;
      } else if (equals > 0) {
        outputs.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return outputs;
  }
}
