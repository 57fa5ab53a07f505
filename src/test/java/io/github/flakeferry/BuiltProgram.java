package io.github.flakeferry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as `mvn package` made it, on the Java that the tests run on. */
public final class BuiltProgram {
  private BuiltProgram() {}

  /** The words that start it with these arguments. */
  public static List<String> words(String... arguments) {
    var words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                Path.of("target", "flakeferry.jar").toAbsolutePath().toString()));
    words.addAll(List.of(arguments));
    return words;
  }
}
