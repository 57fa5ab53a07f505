package io.github.flakeferry.cli;

import io.github.flakeferry.cache.PublishResult;
import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.pipeline.PathPublication;
import io.github.flakeferry.report.ProgressJson;
import io.github.flakeferry.support.Words;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code flakeferry publish}. */
@Command(
    name = "publish",
    description =
        "Publishes store paths and all that they refer to, signed, to a binary cache. What"
            + " cache.nixos.org has signed stays away.")
final class PublishCommand implements Callable<Integer> {
  @Mixin private final ProgressOptions options = new ProgressOptions();

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Store paths, or links to them such as ./result.")
  private List<Path> paths = List.of();

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description = "The cache: file://, http://, https:// or s3://.")
  private String url = "";

  @Option(names = "--all", description = "Also what cache.nixos.org has signed.")
  private boolean all;

  @Option(
      names = "--compression",
      paramLabel = "NAME",
      converter = CompressionWord.class,
      description = "How the cache keeps them: zstd, the default, xz or none.")
  private Compression compression = Compression.ZSTD;

  @Option(names = "--listings", description = "Also say what files are in each path.")
  private boolean listings;

  @Option(
      names = "--logs",
      description = "Also the logs of what was built on this machine, for nix log --store URL.")
  private boolean logs;

  @Override
  public Integer call() {
    return options.telling(this::publish);
  }

  private int publish(Told told) {
    URI to = LocalOptions.cacheUrl("--to", url);
    try (var interrupts = Interrupts.ofThisThread()) {
      PublishResult result =
          new PathPublication(LocalOptions.settings(), told.progress())
              .run(paths, to, all, new CacheFormat(compression, listings, logs));
      told.result(
          () -> text(result),
          () ->
              ProgressJson.published(
                  result.uploaded(),
                  result.present(),
                  result.upstream(),
                  result.compressedBytes(),
                  Instant.now()));
      return interrupts.exitCodeIfInterrupted().orElse(0);
    }
  }

  private static String text(PublishResult result) {
    return "%s published, %d were there, %d stay with cache.nixos.org, %.1f MiB sent"
        .formatted(
            Words.count(result.uploaded(), "path"),
            result.present(),
            result.upstream(),
            result.compressedBytes() / 1048576.0);
  }

  private static final class CompressionWord implements ITypeConverter<Compression> {
    @Override
    public Compression convert(String word) {
      return Arrays.stream(Compression.values())
          .filter(compression -> compression.word().equals(word))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("expected zstd, xz or none, found " + word));
    }
  }
}
