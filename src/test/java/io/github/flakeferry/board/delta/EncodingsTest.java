package io.github.flakeferry.board.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdInputStream;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.OldContents;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.support.process.SearchPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Packing without zstd's program: what it does with it, DeltaIT shows. */
class EncodingsTest {
  private static final SearchPath NO_PROGRAMS = new SearchPath(List.of());
  private static final PieceHeader HEADER =
      (info, to) -> to.write((info.path().name() + ":").getBytes(StandardCharsets.UTF_8));

  private final AtomicInteger reads = new AtomicInteger();
  private final ContentSource contents =
      (path, to) -> {
        reads.incrementAndGet();
        to.write(path.name().repeat(1000).getBytes(StandardCharsets.UTF_8));
      };

  private Encodings encodings(ContentSource from) {
    return new Encodings(from, OldContents.in(from), HEADER, NO_PROGRAMS);
  }

  private static String unpacked(Encoded packed) throws IOException {
    try (var zstd = new ZstdInputStream(Files.newInputStream(packed.file()))) {
      return new String(zstd.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Piece piece(String... names) {
    return new Piece(
        List.of(names).stream().map(name -> Paths.wanted(name, name.length() * 1000L)).toList(),
        List.of(Paths.old(names[0], 10)));
  }

  @Test
  void aPieceIsPackedOnceForAllThatAskForIt() throws Exception {
    try (var encodings = encodings(contents)) {
      encodings.begin(List.of(piece("a")));

      Encoded first = encodings.of(piece("a")).get();
      Encoded second = encodings.of(piece("a")).get();

      assertThat(second).isEqualTo(first);
      assertThat(reads).hasValue(1);
      assertThat(first.size()).isEqualTo(Files.size(first.file())).isLessThan(1000);
    }
  }

  @Test
  void aPathAloneIsPackedWithoutItsHeaderAndSeveralWithThem() throws Exception {
    try (var encodings = encodings(contents)) {
      assertThat(unpacked(encodings.of(piece("a")).get())).isEqualTo("a".repeat(1000));
      assertThat(unpacked(encodings.of(piece("a", "b")).get()))
          .isEqualTo("a:" + "a".repeat(1000) + "b:" + "b".repeat(1000));
    }
  }

  @Test
  void withoutTheProgramNothingIsADifference() throws Exception {
    try (var encodings = encodings(contents)) {
      assertThat(encodings.compares()).isFalse();
      assertThat(encodings.of(piece("a")).get().difference()).isFalse();
    }
  }

  @Test
  void whatFailedOnceIsTriedAgain() throws Exception {
    var broken = new AtomicBoolean(true);
    ContentSource sometimes =
        (path, to) -> {
          if (broken.get()) {
            throw new IOException("no such path");
          }
          contents.writeNar(path, to);
        };
    try (var encodings = encodings(sometimes)) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> encodings.of(piece("a")).get())
          .withMessageContaining("no such path");
      broken.set(false);

      assertThat(unpacked(encodings.of(piece("a")).get())).startsWith("aaa");
    }
  }

  @Test
  void itsFilesAreGoneWhenItIsClosed() throws Exception {
    Encoded packed;
    try (var encodings = encodings(contents)) {
      packed = encodings.of(piece("a")).get();
      assertThat(packed.file()).exists();
    }
    assertThat(packed.file()).doesNotExist();
  }

  @Test
  void oldPathsAreFetchedOnceAndWaitedFor() throws Exception {
    List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
    OldContents old =
        new OldContents() {
          @Override
          public void fetch(java.util.Collection<io.github.flakeferry.model.StorePath> paths) {
            paths.forEach(path -> asked.add(path.name()));
            throw new IllegalStateException("a cache is down");
          }

          @Override
          public void writeNar(
              io.github.flakeferry.model.StorePath path, java.io.OutputStream to) {}
        };
    PathInfo wanted = Paths.wanted("a", 1000);
    OldPath reference = Paths.old("a", 10);
    try (var encodings = new Encodings(contents, old, HEADER, NO_PROGRAMS)) {
      var _ = encodings.prepare(List.of(reference.path()));
      var _ = encodings.prepare(List.of(reference.path(), Paths.old("b", 1).path()));

      encodings.of(new Piece(List.of(wanted), List.of(reference))).get();

      assertThat(asked).contains("a").doesNotHaveDuplicates();
    }
  }

  @Test
  void itIsToldWhenOldPathsAreThere() throws Exception {
    var arrives = new CountDownLatch(1);
    OldContents old =
        new OldContents() {
          @Override
          public void fetch(java.util.Collection<io.github.flakeferry.model.StorePath> paths) {
            try {
              arrives.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void writeNar(
              io.github.flakeferry.model.StorePath path, java.io.OutputStream to) {}
        };
    try (var encodings = new Encodings(contents, old, HEADER, NO_PROGRAMS)) {
      var first = encodings.prepare(List.of(Paths.old("a", 10).path()));
      var second = encodings.prepare(List.of(Paths.old("a", 10).path()));
      assertThat(first).isNotDone();
      assertThat(second).isNotDone();
      assertThat(encodings.prepare(List.of())).isDone();

      arrives.countDown();

      first.get();
      second.get();
    }
  }
}
