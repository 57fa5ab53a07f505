package io.github.flakeferry.pipeline.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NewFilesTest {
  private static final Path POLICY = Path.of("flakeferry.yml");
  private static final Path WORKFLOW = Path.of("workflows", "production.yml");

  @TempDir private Path root;

  private void there(Path name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).resolveSibling(""));
    Files.writeString(root.resolve(name), text);
  }

  private void refuses(NewFiles files, Path name) {
    assertThatThrownBy(files::write)
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining(root.resolve(name) + " was changed since it was looked at");
  }

  @Test
  void whatWasAgreedIsWrittenAndNothingBefore() throws IOException {
    there(POLICY, "old\n");
    var dialog = new Script("y");
    var files = new NewFiles(dialog, root);
    assertThat(files.add(POLICY, "new\n")).isTrue();
    assertThat(files.add(WORKFLOW, "on: push\n")).isTrue();
    assertThat(root.resolve(POLICY)).hasContent("old");
    assertThat(root.resolve(WORKFLOW)).doesNotExist();
    files.write();
    assertThat(root.resolve(POLICY)).hasContent("new");
    assertThat(root.resolve(WORKFLOW)).hasContent("on: push");
    assertThat(dialog.said()).endsWith("wrote flakeferry.yml", "wrote workflows/production.yml");
  }

  @Test
  void whatSomebodyChangedSinceItWasShownIsNotLost() throws IOException {
    there(POLICY, "old\n");
    var files = new NewFiles(new Script("y"), root);
    files.add(POLICY, "new\n");
    there(POLICY, "mine\n");
    refuses(files, POLICY);
    assertThat(root.resolve(POLICY)).hasContent("mine");

    Files.delete(root.resolve(POLICY));
    refuses(files, POLICY);
    assertThat(root.resolve(POLICY)).doesNotExist();
  }

  @Test
  void whatSomebodyMadeMeanwhileIsNotLostAndNothingElseIsWritten() throws IOException {
    var files = new NewFiles(new Script(), root);
    files.add(POLICY, "new\n");
    files.add(WORKFLOW, "on: push\n");
    there(WORKFLOW, "mine\n");
    refuses(files, WORKFLOW);
    assertThat(root.resolve(WORKFLOW)).hasContent("mine");
    assertThat(root.resolve(POLICY)).doesNotExist();
  }

  @Test
  void whatCanNoLongerBeWrittenIsToldBeforeAnythingIs() throws IOException {
    var files = new NewFiles(new Script(), root);
    files.add(POLICY, "new\n");
    files.check();
    there(POLICY, "mine\n");
    assertThatThrownBy(files::check)
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining("was changed since it was looked at");
  }

  @Test
  void aLinkToNowhereIsNotWrittenThrough() throws IOException {
    Path elsewhere = root.resolve("elsewhere.yml");
    Files.createSymbolicLink(root.resolve(POLICY), elsewhere);
    var files = new NewFiles(new Script(), root);
    assertThatThrownBy(() -> files.add(POLICY, "new\n"))
        .isInstanceOf(SetupRefused.class)
        .hasMessageContaining(root.resolve(POLICY) + " can't be used");
    assertThat(elsewhere).doesNotExist();
  }
}
