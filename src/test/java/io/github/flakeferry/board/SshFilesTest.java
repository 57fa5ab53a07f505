package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshFilesTest {
  private static final BoardAddress BOARD =
      new BoardAddress(
          "lab-1",
          22,
          "root",
          List.of(),
          List.of(
              HostKey.parse(
                  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")));

  @TempDir private Path folder;

  private List<String> config(Optional<Path> key) throws IOException {
    try (var lines = Files.lines(SshFiles.write(folder, BOARD, key).config())) {
      return lines.map(String::strip).toList();
    }
  }

  @Test
  void whatOlderOnesDoNotKnowTheyPassOver() throws IOException {
    List<String> lines = config(Optional.empty());

    assertThat(lines).first().as("for all hops").isEqualTo("IgnoreUnknown *");
    assertThat(lines).containsSubsequence("Host *", "KnownHostsCommand none");
    assertThat(lines).noneMatch(line -> line.startsWith("Identit"));
  }

  @Test
  void whereAKeyIsGivenNoOtherIsTried() throws IOException {
    assertThat(config(Optional.of(Path.of("/keys/boards"))))
        .contains("IdentityFile \"/keys/boards\"", "IdentitiesOnly yes");
  }
}
