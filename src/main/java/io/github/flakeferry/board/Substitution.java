package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.terms.TransferMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Has a board fetch paths from binary caches by its own Nix. Its own settings decide which caches
 * it asks and whose signatures it takes; nothing that is passed to it weakens them.
 */
final class Substitution {
  private static final Set<String> SCHEMES = Set.of("http", "https", "s3");
  private static final Pattern COPYING =
      Pattern.compile("copying path '(/nix/store/[^']+)' from '.*");

  /** What Nix says to everybody, and which paths it lacks: the store is asked for those. */
  private static final Pattern NOISE =
      Pattern.compile(
          ".*(--add-root|garbage collector|client-specified setting|don't know how to build).*"
              + "|error: build of .*|th(is|ese) .*paths? .*|/nix/store/\\S*|Run `man.*");

  private final FetchPatience.Terms patience;
  private final int attempts;
  private final List<URI> caches;
  private final LastLines said = new LastLines(8);

  /**
   * @param mode AUTO: an unreachable cache shall cost seconds
   * @param caches that the board may ask beside its own ones
   */
  Substitution(TransferMode mode, List<URI> caches) {
    this(FetchPatience.Terms.of(mode), mode == TransferMode.AUTO ? 1 : 3, caches);
  }

  /**
   * @param attempts for each download
   */
  Substitution(FetchPatience.Terms patience, int attempts, List<URI> caches) {
    this.patience = patience;
    this.attempts = attempts;
    this.caches = caches.stream().filter(Substitution::isForBoards).toList();
  }

  /** Whether a board can ask it. Credentials of ours go to no board. */
  private static boolean isForBoards(URI cache) {
    return SCHEMES.contains(String.valueOf(cache.getScheme())) && cache.getUserInfo() == null;
  }

  /** Whether there are caches to ask beside the board's own ones. */
  boolean hasCaches() {
    return !caches.isEmpty();
  }

  /**
   * Lets the board fetch what it can. It is not told here what came: ask its store.
   *
   * @param each told of every path that is on its way
   * @throws IOException if the link is lost
   */
  void run(Connection connection, List<PathInfo> wanted, Consumer<PathInfo> each)
      throws IOException {
    Map<StorePath, PathInfo> byPath =
        wanted.stream().collect(Collectors.toMap(PathInfo::path, Function.identity()));
    // a line, or nothing at the end
    var lines = new LinkedBlockingQueue<Optional<String>>(1000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        // its end is that of the script's standard input, and so of the fetching
        var command = connection.exec("/bin/sh -s")) {
      OutputStream input = command.input();
      input.write(script(wanted).getBytes(StandardCharsets.UTF_8));
      input.flush();
      List<Future<?>> readers =
          List.of(
              threads.submit(() -> read(command.output(), lines)),
              threads.submit(() -> LastLines.of(command.errors(), 1)));
      try {
        follow(lines, byPath, each);
      } finally {
        readers.forEach(reader -> reader.cancel(true));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  // where the link is lost, the board's store is asked next, and it comes out
  private static Object read(InputStream from, LinkedBlockingQueue<Optional<String>> lines)
      throws IOException, InterruptedException {
    try {
      LastLines.each(from, line -> lines.put(Optional.of(line)));
    } finally {
      lines.put(Optional.empty());
    }
    return lines;
  }

  private void follow(
      LinkedBlockingQueue<Optional<String>> lines,
      Map<StorePath, PathInfo> wanted,
      Consumer<PathInfo> each)
      throws InterruptedException {
    var left = new FetchPatience(patience);
    while (true) {
      var line = lines.poll(left.left(), TimeUnit.NANOSECONDS);
      // also of those who say something all the time
      if (line == null || left.left() < 0) {
        said.add("no cache gave anything in time");
        return;
      }
      if (line.isEmpty()) {
        return;
      }
      if (left.heard(line.get())) {
        continue;
      }
      Matcher copying = COPYING.matcher(line.get());
      if (copying.matches()) {
        pathOf(copying.group(1)).map(wanted::get).ifPresent(each);
      } else if (!NOISE.matcher(line.get().strip()).matches()) {
        said.add(line.get());
      }
    }
  }

  private static Optional<StorePath> pathOf(String text) {
    try {
      return Optional.of(StorePath.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String script(List<PathInfo> wanted) {
    return "paths=%s\ncaches=%s\nattempts=%d\n%s"
        .formatted(
            Scripts.quoted(
                wanted.stream().map(i -> i.path().toString()).collect(Collectors.joining("\n"))),
            Scripts.quoted(caches.stream().map(URI::toString).collect(Collectors.joining(" "))),
            attempts,
            Scripts.resource("substitute"));
  }

  /** The last that Nix said about what it did not fetch; may be empty. */
  String words() {
    return said.list().stream().map(Scripts::oneLine).collect(Collectors.joining("\n"));
  }
}
