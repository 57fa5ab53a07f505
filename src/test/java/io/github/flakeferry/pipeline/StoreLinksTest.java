package io.github.flakeferry.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreLinksTest {
  @TempDir private Path temporary;
  private Path store;
  private Path program;
  private Path link;

  @BeforeEach
  void make() throws IOException {
    Path real = temporary.toRealPath();
    store = Files.createDirectories(real.resolve("nix/store"));
    program = Files.createDirectories(store.resolve("a-program"));
    Files.createDirectory(program.resolve("bin"));
    link = Files.createSymbolicLink(store.resolve("b-link"), program);
    temporary = real;
  }

  @Test
  void aLinkOfTheStoreIsItself() throws IOException {
    assertThat(StoreLinks.follow(link, store)).contains(link);
    assertThat(StoreLinks.follow(link.resolve("bin/x"), store)).contains(link);
    Path result = Files.createSymbolicLink(temporary.resolve("result"), link);
    assertThat(StoreLinks.follow(result, store)).contains(link);
  }

  @Test
  void linksThatLeadThereAreFollowed() throws IOException {
    Path profile = Files.createSymbolicLink(temporary.resolve("profile-1"), program);
    Path current = Files.createSymbolicLink(temporary.resolve("current"), Path.of("profile-1"));
    assertThat(StoreLinks.follow(current, store)).contains(program);
    assertThat(StoreLinks.follow(current.resolve("bin"), store)).contains(program);
    assertThat(StoreLinks.follow(profile.resolve("../current"), store)).contains(program);
  }

  @Test
  void whatLeadsElsewhereIsNotThere() throws IOException {
    Path loop = Files.createSymbolicLink(temporary.resolve("loop"), Path.of("loop"));
    assertThat(StoreLinks.follow(loop, store)).isEmpty();
    assertThat(StoreLinks.follow(temporary, store)).isEmpty();
    assertThat(StoreLinks.follow(store, store)).isEmpty();
    assertThat(StoreLinks.follow(temporary.resolve("nothing"), store)).isEmpty();
  }
}
