package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.ZstdInputStream;
import io.github.flakeferry.model.FailureReason;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.ProgressEvent.PublishAdvanced;
import io.github.flakeferry.testbed.HttpCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublisherTest {
  private static final SigningKey KEY = SigningKey.generate("cache-1");
  @TempDir private Path temporary;
  private final List<ProgressEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Built built;
  private Path folder;
  private BinaryCache cache;

  @BeforeEach
  void openCache() throws IOException {
    built = new Built(Files.createDirectory(temporary.resolve("files")));
    folder = temporary.resolve("the cache");
    cache = BinaryCaches.open(folder.toUri(), Optional.empty());
  }

  private PublishResult publish(PathInfo... closure) {
    return new Publisher(cache, KEY, built, events::add).publish(List.of(closure));
  }

  @Test
  void aClosureIsWrittenSignedCompressedAndOnce() throws IOException {
    PathInfo dep = built.path("dep-1.0", "dep ".repeat(10_000));
    PathInfo top = built.path("system", "system", dep.path());

    PublishResult first = publish(top, dep);

    assertThat(first.uploaded()).isEqualTo(2);
    assertThat(first.present()).isZero();
    assertThat(first.narBytes()).isEqualTo(dep.narSize() + top.narSize());
    assertThat(first.compressedBytes()).isLessThan(first.narBytes() / 10);
    assertThat(Files.readString(folder.resolve("nix-cache-info"))).contains("StoreDir: /nix/store");
    NarInfo narInfo =
        NarInfo.parse(Files.readString(folder.resolve(dep.path().hash() + ".narinfo")));
    assertThat(KEY.publicKey().hasSigned(narInfo.info())).isTrue();
    assertThat(narInfo.compression()).isEqualTo("zstd");
    assertThat(narInfo.url()).isEqualTo("nar/" + narInfo.fileHash().base32() + ".nar.zst");
    assertThat(Files.size(folder.resolve(narInfo.url()))).isEqualTo(narInfo.fileSize());
    var nar = new ByteArrayOutputStream();
    built.writeNar(dep.path(), nar);
    try (var in = new ZstdInputStream(Files.newInputStream(folder.resolve(narInfo.url())))) {
      assertThat(in.readAllBytes()).isEqualTo(nar.toByteArray());
    }
    assertThat(events)
        .last()
        .isEqualTo(
            new PublishAdvanced(
                cache.url(),
                2,
                2,
                first.narBytes(),
                first.narBytes(),
                first.compressedBytes(),
                ((PublishAdvanced) events.getLast()).bytesPerSecond(),
                true));

    assertThat(publish(top, dep)).isEqualTo(new PublishResult(0, 2, 0, 0, 0, 0, Optional.empty()));
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(5); // no partial file is left
    }
  }

  @Test
  void aDeepClosureIsPublishedReferencesFirst() throws IOException {
    var closure = new ArrayList<PathInfo>();
    PathInfo last = built.path("p0", "0");
    closure.add(last);
    for (int i = 1; i < 300; i++) {
      last = built.path("p" + i, "content " + i, last.path());
      closure.addFirst(last);
    }
    try (var server = HttpCache.start(folder);
        var http = BinaryCaches.open(server.uri(), Optional.empty())) {
      PublishResult result = new Publisher(http, KEY, built, events::add).publish(closure);
      assertThat(result.uploaded()).isEqualTo(300);
      assertThat(server.requests())
          .filteredOn(r -> r.method().equals("PUT") && r.path().endsWith(".narinfo"))
          .extracting(HttpCache.Request::path)
          .containsExactlyElementsOf(
              closure.reversed().stream().map(i -> "/" + NarInfo.fileName(i.path())).toList());
    }
  }

  @Test
  void noNarInfoIsWrittenWhenAReferenceFails() throws IOException {
    PathInfo dep = built.path("dep", "dep");
    PathInfo top = built.path("system", "system", dep.path());
    built.damage(dep.path());
    PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> publish(top, dep));
    assertThat(failed.problem()).contains(dep.path().toString()).contains("database");
    assertThat(failed.advice()).contains("--repair-path");
    assertThat(failed.reason()).isEqualTo(FailureReason.PUBLISH_FAILED);
    assertThat(folder.resolve(NarInfo.fileName(top.path()))).doesNotExist();
    assertThat(folder.resolve(NarInfo.fileName(dep.path()))).doesNotExist();
  }

  @Test
  void anotherContentUnderTheSamePathIsAnError() throws IOException {
    publish(built.path("system", "one"));
    PathInfo other = built.path("system", "two");
    PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> publish(other));
    assertThat(failed.problem()).contains("another content").contains(other.path().toString());
    assertThat(failed.subject()).isEqualTo(other.path().toString());
  }

  @Test
  void aPathThatIsThereWithoutOurSignatureGetsIt() throws IOException {
    PathInfo path = built.path("system", "one");
    var older = SigningKey.generate("older-1");
    new Publisher(cache, older, built, events::add).publish(List.of(path));
    assertThat(publish(path).present()).isEqualTo(1);
    NarInfo narInfo = NarInfo.parse(cache.read(NarInfo.fileName(path.path())).orElseThrow());
    assertThat(KEY.publicKey().hasSigned(narInfo.info())).isTrue();
    assertThat(older.publicKey().hasSigned(narInfo.info())).isTrue();
  }

  @Test
  void aClosureWithAHoleIsRefusedUnlessTheCacheFillsIt() throws IOException {
    PathInfo dep = built.path("dep", "dep");
    PathInfo top = built.path("system", "system", dep.path());
    PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> publish(top));
    assertThat(failed.problem()).contains("refers to " + dep.path());
    publish(dep);
    assertThat(publish(top).uploaded()).isEqualTo(1);
  }

  @Test
  void aPathThatRefersToItselfIsPublished() throws IOException {
    StorePath self = built.path("self", "self").path();
    assertThat(publish(built.path("self", "self", self)).uploaded()).isEqualTo(1);
  }

  @Test
  void aCacheForAnotherStoreIsRefused() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("nix-cache-info"), "StoreDir: /gnu/store\n");
    PathInfo path = built.path("system", "one");
    PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> publish(path));
    assertThat(failed.problem()).contains("/gnu/store");
  }

  @Test
  void whatIsInTheWayIsSaid() throws IOException {
    Files.writeString(folder, "a file where the folder should be");
    PathInfo path = built.path("system", "one");
    PublishFailed failed = catchThrowableOfType(PublishFailed.class, () -> publish(path));
    assertThat(failed.problem()).contains(folder.toString());
  }

  @Test
  void aKeyThatIsNotTheDeclaredOneIsRefused() {
    Publisher.checkKey(KEY, KEY.publicKey());
    var other = SigningKey.generate("cache-1").publicKey();
    PublishFailed failed =
        catchThrowableOfType(PublishFailed.class, () -> Publisher.checkKey(KEY, other));
    assertThat(failed.problem()).contains(other.toString(), KEY.publicKey().toString());
    assertThat(failed.problem()).doesNotContain(KEY.export().reveal());
  }
}
