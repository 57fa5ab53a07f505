package io.github.flakeferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What people do with boards from a working copy, after a run has deployed to them. */
final class ByHandIT extends WorkingCopyIT {
  @Test
  void statusTellsWhatABoardRunsAndHowFarThatIsFromTheBranch() throws IOException {
    StorePath factory = board.currentSystem();
    assertThat(status().path("current").asString()).isEqualTo(factory.toString());
    assertThat(status().path("drift").asString()).isEqualTo("unknown");

    GitRevision commit = deploy("Say hello");

    JsonNode same = status();
    assertThat(same.path("reachable").asBoolean()).isTrue();
    assertThat(same.path("current").asString()).isEqualTo(board.currentSystem().toString());
    assertThat(same.path("booted").asString()).isEqualTo(factory.toString());
    assertThat(same.path("commit").asString()).isEqualTo(commit.value());
    assertThat(same.path("drift").asString()).isEqualTo("same");
    assertThat(same.path("storeFreeBytes").asLong()).isPositive();

    rehearsal.write("note", "not deployed");
    rehearsal.flake().commit("Write a note");

    assertThat(status().path("behind").asInt()).isEqualTo(1);
    assertThat(flakeferry("status").orThrow().output())
        .contains("main-job", commit.abbreviated(), "1 behind");

    board.linkDown();
    Finished offline = flakeferry("status", "production");
    assertThat(offline.exit()).isEqualTo(new Exit.Code(8));
    assertThat(offline.output()).contains("offline", "main-job: ");
  }

  @Test
  void rollbackBringsThePreviousSystemBackAndMakesItTheDefault() throws IOException {
    deploy("Say hello");
    StorePath first = board.currentSystem();
    rehearsal.flake().change(Variation.FIRST.message("Hello again"));
    deploy("Change the greeting");
    assertThat(board.currentSystem()).isNotEqualTo(first);

    Finished back = flakeferry("rollback", "main-job");

    assertThat(back.exit()).as(back.output() + back.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(back.output()).contains("main-job", "deployed", first.hash());
    assertThat(board.currentSystem()).isEqualTo(first);
    assertThat(board.profileSystem()).isEqualTo(first);
    board.powerCut();
    board.start();
    assertThat(board.bootedSystem()).isEqualTo(first);
  }

  @Test
  void rollbackToAGenerationThatIsNotThereTouchesNothing() throws IOException {
    deploy("Say hello");
    StorePath before = board.currentSystem();

    Finished refused = flakeferry("rollback", "main-job", "--to", "77");

    assertThat(refused.exit()).isEqualTo(new Exit.Code(11));
    assertThat(refused.output()).contains("There is no generation 77");
    assertThat(board.currentSystem()).isEqualTo(before);
  }

  @Test
  void releaseGivesALentBoardBackToItsProfilesSystem() throws IOException {
    deploy("Say hello");
    StorePath own = board.currentSystem();
    lend("demo/boards#7", status().at("/generations/0/number").asInt());
    assertThat(board.currentSystem()).isNotEqualTo(own);
    assertThat(status().at("/lease/owner").asString()).isEqualTo("demo/boards#7");
    assertThat(status().at("/lease/worth").asString()).isEqualTo("held");
    assertThat(flakeferry("status").orThrow().output())
        .containsPattern("main-job: lent to demo/boards#7 since \\S+ until \\S+");

    Finished others = flakeferry("release", "main-job", "--owner", "demo/boards#8");
    assertThat(others.exit()).isEqualTo(new Exit.Code(0));
    assertThat(others.output()).contains("unchanged", "lent to demo/boards#7 since");
    assertThat(board.currentSystem()).isNotEqualTo(own);
    Finished back = flakeferry("release", "main-job", "--owner", "demo/boards#7");

    assertThat(back.exit()).as(back.output() + back.lastErrorLines()).isEqualTo(new Exit.Code(0));
    assertThat(back.output()).contains("given back: it runs its profile's system");
    assertThat(board.currentSystem()).isEqualTo(own);
    assertThat(status().has("lease")).isFalse();
    assertThat(flakeferry("release", "main-job").orThrow().output()).contains("lent to nobody");
    assertThat(flakeferry("release", "main-job", "--owner", "7; reboot").exit())
        .isEqualTo(new Exit.Code(2));
  }

  private void lend(String owner, int generation) {
    BoardResult lent = Lent.lend(board, "main-job", owner, generation);
    assertThat(lent.outcome()).as(lent.message()).isEqualTo(Outcome.DEPLOYED);
  }

  @Test
  void logsTellOfTheLastDeploymentAndOfEarlierOnes() throws IOException {
    Finished none = flakeferry("logs", "main-job");
    assertThat(none.exit()).isEqualTo(new Exit.Code(11));
    assertThat(none.lastErrorLines()).anyMatch(l -> l.contains("main-job keeps no log"));
    GitRevision first = deploy("Say hello");
    rehearsal.flake().change(Variation.FIRST.message("Hello again"));
    GitRevision second = deploy("Change the greeting");

    String last = flakeferry("logs", "main-job").orThrow().output();
    assertThat(last)
        .containsPattern("(?m)^\\*1 .* switch +committed +" + second.value().substring(0, 8))
        .containsPattern("(?m)^2 .* switch +committed +" + first.value().substring(0, 8))
        .contains("activating the configuration...\n")
        .containsSubsequence("flakeferry: activating", "flakeferry: committed");
    Finished before = flakeferry("logs", "main-job", "--deployment", "2", "--lines", "1");
    assertThat(before.orThrow().output())
        .containsPattern("(?m)^\\*2 ")
        .endsWith("\nflakeferry: committed\n")
        .doesNotContain("flakeferry: activating");
    assertThat(flakeferry("logs", "main-job", "--journal", "failed").orThrow().output())
        .endsWith("\n\nthe journal has nothing of that\n");
    assertThat(flakeferry("logs", "main-job", "--deployment", "77").exit())
        .isEqualTo(new Exit.Code(11));
    assertThat(flakeferry("logs", "main-job", "--journal", "some").exit())
        .isEqualTo(new Exit.Code(2));
  }

  @Test
  void theJournalAroundADeploymentHasWhatFailedInIt() throws IOException {
    deploy("Say hello");
    board
        .run(
            """
            cat >/etc/systemd/system/broken.service <<'END'
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -c 'echo said by it; exit 3'
            END
            systemctl daemon-reload
            systemctl start broken.service || true
            journalctl --sync
            sed -i 's/^time .*/time '"$(date +%s)"'/' /nix/var/flakeferry/runs/*/state
            printf 'hostile \\033]0;taken\\007\\n' >>"$(echo /nix/var/flakeferry/runs/*/log)"
            """)
        .orThrow();

    String failed = flakeferry("logs", "main-job", "--journal", "failed").orThrow().output();
    String all = flakeferry("logs", "main-job", "--journal", "all").orThrow().output();

    assertThat(failed)
        .contains("\nhostile ]0;taken\n", ": said by it", "broken.service")
        .doesNotContain("sshd");
    assertThat(all).contains(": said by it").contains("sshd");
  }

  @Test
  void sshRunsACommandByThePinnedKeysAndEndsAsItDoes() throws IOException {
    Finished there = flakeferry("ssh", "main-job", "--", "hostname;", "exit", "7");
    assertThat(there.exit()).as(there.lastErrorLines().toString()).isEqualTo(new Exit.Code(7));
    assertThat(there.output()).isEqualTo(board.run("hostname").orThrow().output());

    rehearsal.write(
        "flakeferry.yml",
        policy()
            .replace(
                "    host: ",
                "    jump: [{ host: %s, host-key: %s }]\n    host: "
                    .formatted(board.address().host(), board.address().hostKeys().getFirst())));
    Finished over = flakeferry("ssh", "main-job", "--", "echo $SSH_CONNECTION");
    assertThat(over.orThrow().output())
        .startsWith(board.address().host() + " ")
        .contains(" " + board.address().host() + " 22");

    String other = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    String pinned = board.address().hostKeys().getFirst().base64();
    rehearsal.write("flakeferry.yml", policy().replace(pinned, other));
    Finished impostor = flakeferry("ssh", "main-job", "--", "touch /root/reached");
    assertThat(impostor.exit()).isEqualTo(new Exit.Code(255));
    assertThat(impostor.lastErrorLines()).anyMatch(l -> l.contains("Host key verification failed"));
    assertThat(board.run("test ! -e /root/reached").exit().succeeded()).isTrue();
  }

  @Test
  void withoutSshItSaysWhatToInstall() throws IOException {
    Path empty = Files.createDirectory(rehearsal.folder().resolve("empty"));
    var words = new ArrayList<>(List.of("/usr/bin/env", "PATH=" + empty));
    words.addAll(BuiltProgram.words("ssh", "main-job"));
    Finished none = Command.of(words).in(rehearsal.flake().folder()).run();
    assertThat(none.exit()).isEqualTo(new Exit.Code(2));
    assertThat(none.lastErrorLines())
        .first()
        .isEqualTo("error FF-0208: there is no program `ssh` in the PATH");
  }

  @Test
  void aBoardThatThePolicyDoesNotHaveIsAUsageError() throws IOException {
    Finished wrong = flakeferry("rollback", "main-jbo");
    assertThat(wrong.exit()).isEqualTo(new Exit.Code(2));
    assertThat(wrong.lastErrorLines()).anyMatch(l -> l.contains("did you mean 'main-job'?"));
  }

  @Test
  void theBoardModuleHasTheKeyThatLogsInAndTheCachesKey() throws IOException {
    Finished module = flakeferry("init", "--board-module", "--user", "ci.Ferry").orThrow();
    String loginKey =
        Command.of("ssh-keygen", "-y", "-f", board.keyFile().toString()).run().orThrow().output();
    assertThat(module.output())
        .contains(
            "users.users.\"ci.Ferry\"", '"' + rehearsal.signingKey().publicKey().toString() + '"')
        .contains('"' + String.join(" ", List.of(loginKey.split("\\s+")).subList(0, 2)) + '"')
        .doesNotContain("CHANGE ME");
    assertThat(flakeferry("init", "--user", "ferry").exit()).isEqualTo(new Exit.Code(2));
    assertThat(flakeferry("init", "--board-module", "--user", "root").exit())
        .isEqualTo(new Exit.Code(2));
  }

  private JsonNode status() throws IOException {
    Finished status = flakeferry("status", "--json");
    assertThat(status.exit()).as(status.lastErrorLines().toString()).isEqualTo(new Exit.Code(0));
    return new ObjectMapper().readTree(status.output()).at("/boards/0");
  }
}
