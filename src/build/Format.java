import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** {@code check} fails where a source file is not formatted; {@code write} formats them all. */
final class Format {
  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    var unformatted = new ArrayList<Path>();
    try (var files = Files.walk(Path.of("src"))) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
        String text = Files.readString(file);
        String wanted =
            new Formatter()
                .formatSource(
                    ImportOrderer.reorderImports(
                        RemoveUnusedImports.removeUnusedImports(text), Style.GOOGLE));
        if (!wanted.equals(text)) {
          unformatted.add(file);
          if (write) {
            Files.writeString(file, wanted);
          }
        }
      }
    }
    if (!write && !unformatted.isEmpty()) {
      System.err.println(
          "Not formatted (`mvn initialize exec:exec@format` does it): " + unformatted);
      System.exit(1);
    }
  }
}
