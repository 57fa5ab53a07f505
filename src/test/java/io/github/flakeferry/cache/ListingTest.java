package io.github.flakeferry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.support.nar.Nar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListingTest {
  @TempDir private Path folder;

  private byte[] nar() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("file"), "123");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
    var bytes = new ByteArrayOutputStream();
    Nar.write(tree, bytes);
    return bytes.toByteArray();
  }

  private static Optional<String> listed(byte[] nar) {
    var listing = new Listing();
    listing.write(nar, 0, nar.length);
    return listing.text();
  }

  @Test
  void oneByteAtATimeIsTheSame() throws IOException {
    byte[] nar = nar();
    var listing = new Listing();
    for (byte b : nar) {
      listing.write(b);
    }
    assertThat(listing.text()).isEqualTo(listed(nar)).isPresent();
  }

  @Test
  void whatIsNoNarOrHalfOfOneHasNoList() throws IOException {
    byte[] nar = nar();
    for (int length = 0; length < nar.length; length++) {
      assertThat(listed(Arrays.copyOf(nar, length))).as("%d bytes", length).isEmpty();
    }
    byte[] negative = new byte[8];
    Arrays.fill(negative, (byte) 0xff);
    assertThat(listed(negative)).isEmpty();
  }
}
