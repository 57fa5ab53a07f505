package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A server of S3 (S3Proxy) on loopback, with one pair of keys, in a process of its own: what it
 * brings along stays out of ours. Maven fetches it once.
 *
 * @param folder each folder in it is a bucket
 */
public record S3Server(Path folder, LoopbackPort port, Process process) implements AutoCloseable {
  public static final String ACCESS_KEY = "test-access";
  public static final String SECRET_KEY = "test-secret-key";

  private static final String VERSION = "4.1.0";
  private static final Duration FETCH = Duration.ofMinutes(5);

  /**
   * Starts it.
   *
   * @param folder for its files
   */
  public static S3Server start(Path folder) throws IOException {
    Path program = program();
    LoopbackPort port = LoopbackPort.free();
    Path data = Files.createDirectories(folder.resolve("buckets"));
    Path settings =
        Files.writeString(
            folder.resolve("s3.properties"),
            """
            s3proxy.endpoint=http://%s
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=filesystem-nio2
            jclouds.filesystem.basedir=%s
            """
                .formatted(port.address(), ACCESS_KEY, SECRET_KEY, data));
    // it would tell of every byte
    Files.writeString(folder.resolve("logback.xml"), "<configuration/>");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                folder + ":" + program + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3.log").toFile())
            .start();
    port.await(process, folder.resolve("s3.log"));
    return new S3Server(data, port, process);
  }

  private static Path program() throws IOException {
    Path home =
        Path.of(
            Optional.ofNullable(System.getenv("FLAKEFERRY_CACHE")).orElse("/var/cache/flakeferry"));
    return new MadeOnce(home).get("s3proxy-" + VERSION, S3Server::fetch);
  }

  private static void fetch(Path target) throws IOException {
    Path work = Files.createTempDirectory("s3-server");
    try (var in = S3Server.class.getResourceAsStream("s3-server.xml")) {
      Files.copy(Objects.requireNonNull(in, "s3-server.xml"), work.resolve("pom.xml"));
    }
    Command.of("mvn", "--batch-mode", "--quiet")
        .and("org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies")
        .and("-DincludeScope=runtime", "-DoutputDirectory=" + target)
        .in(work)
        .within(FETCH)
        .run()
        .orThrow();
    Files.delete(work.resolve("pom.xml"));
    Files.delete(work);
  }

  /** {@code HOST:PORT}. */
  public String endpoint() {
    return port.address();
  }

  /** Makes a bucket. */
  public void makeBucket(String name) throws IOException {
    Files.createDirectory(folder.resolve(name));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
