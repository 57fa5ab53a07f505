package io.github.flakeferry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The action's image, built as users build it: by whichever test asks first, and once for the
 * content that it is made of, in whatever process the others are.
 *
 * @param name the image itself
 * @param withCompiler the same with a compiler: the demo flake brings none and takes the machine's
 */
public record ActionImage(Podman podman, String name, String withCompiler) {
  private static final Path LOCK = Path.of("/run/flakeferry-testbed/image.lock");

  private static final List<Path> CONTENT =
      List.of(
          Path.of("Dockerfile"),
          Path.of(".dockerignore"),
          Path.of("LICENSE"),
          Path.of("pom.xml"),
          Path.of("src", "build", "TrainStart.java"),
          Path.of("src", "main"));

  /**
   * Builds both where they are not there yet: minutes the first time.
   *
   * @param folder for files of its own
   * @throws TestbedUnavailable if this machine can't have them
   */
  public static synchronized ActionImage prepare(Path folder) throws IOException {
    Files.createDirectories(LOCK.getParent());
    try (var channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException(LOCK + " is no lock");
      }
      var podman =
          Podman.prepare(Files.createDirectories(folder.resolve("podman")), Progress.SILENT);
      String version = version();
      var image =
          new ActionImage(
              podman,
              "localhost/flakeferry-it:" + version,
              "localhost/flakeferry-it-compiler:" + version);
      if (!podman.has(image.name())) {
        podman.build(Path.of(""), image.name());
      }
      if (!podman.has(image.withCompiler())) {
        podman.build(
            """
            FROM debian:trixie-slim AS compiler
            RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
            FROM %s
            COPY --from=compiler /usr /usr
            """
                .formatted(image.name()),
            image.withCompiler());
      }
      return image;
    }
  }

  /** Changes with anything that the image is made of. */
  private static String version() throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      for (Path path : CONTENT) {
        try (Stream<Path> files = Files.walk(path)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            out.write((file + " " + Files.size(file) + "\n").getBytes(UTF_8));
            Files.copy(file, out);
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
  }
}
