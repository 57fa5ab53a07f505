package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.Outcome;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parts of the board's script by themselves, in this machine's shell and in a folder: for what no
 * board comes to by itself. Systems are folders, and a switch-to-configuration says what it was
 * asked for.
 */
class BoardScriptIT {
  private static final String START = "main \"$@\" </dev/null";

  @TempDir private Path folder;

  @BeforeEach
  void makeBoard() throws IOException {
    String script =
        BoardScript.text()
            .replace("base=/nix/var/flakeferry", "base=" + folder + "/base")
            .replace("=/nix/var/nix/", "=" + folder + "/")
            .replace("-f /run/current-system", "-f " + folder + "/current-system");
    assertThat(script).contains(START);
    Files.writeString(folder.resolve("whole.sh"), script);
    Files.writeString(folder.resolve("parts.sh"), script.replace(START, ""));
    sh(
        """
        mkdir -p $base/runs/t-1 $roots ${profile%/*} $dir
        cp $folder/whole.sh $dir/supervisor.sh
        for system in old new theirs; do
            mkdir -p $folder/$system/bin
            printf '#!/bin/sh\\necho "%s $1" >>%s/calls\\n' $system $folder >$folder/$system/bin/switch-to-configuration
            chmod +x $folder/$system/bin/switch-to-configuration
        done
        ln -s $folder/old $profile-1-link
        ln -s system-1-link $profile
        ln -s $folder/new $folder/current-system
        printf 'action switch\\nold %s\\nnew %s\\nwanted path x\\ntoken t-1\\nowner me\\n' $folder/old $folder/new >$dir/order
        : >$dir/log
        : >$folder/calls
        """);
  }

  /** Runs these lines after the script's parts, as its supervisor: what it prints. */
  private String sh(String lines) throws IOException {
    Path file = folder.resolve("test.sh");
    Files.writeString(
        file,
        """
        folder=%s
        . $folder/parts.sh
        dir=$base/runs/t-1 roots=$folder/gcroots
        mkdir -p $dir
        [ ! -e $dir/order ] || read_order
        pinned='' note=''
        PATH=/usr/bin:/bin
        sync() { echo sync >>$folder/calls; }
        # what a switch-to-configuration comes to
        run_unit() {
            status=0
            "$2/bin/switch-to-configuration" "$3"
            [ "$3" != boot ] || [ ! -e $folder/no-boot-loader ] || status=1
            [ "$3" != test ] || ln -sfn "$2" $folder/current-system
        }
        set_profile() { ln -s $new $profile-2-link && ln -sfn system-2-link $profile; }
        set_theirs() { ln -s $folder/theirs $profile-3-link && ln -sfn system-3-link $profile; }
        stop_unit() { :; }
        put_once() { printf '%%s\\n' "$2" 2>/dev/null >"$1.new" && mv "$1.new" "$1"; }
        %s
        """
            .formatted(folder, lines));
    return Command.of("sh", file.toString())
        .within(Duration.ofSeconds(60))
        .run()
        .orThrow()
        .output();
  }

  private String state() throws IOException {
    return Files.readString(folder.resolve("base/runs/t-1/state"));
  }

  private List<String> calls(String kind) throws IOException {
    return Files.readAllLines(folder.resolve("calls")).stream()
        .filter(line -> line.endsWith(kind))
        .toList();
  }

  @Test
  void aLongReasonIsCutBetweenCharactersInTheStateAndInTheFactsOfAnOlderOne() throws IOException {
    String told =
        sh(
            """
            long=$(printf %s)
            set_state failed "x$long"
            value $dir/state reason
            printf 'state failed\\nreason xx%%s\\n' "$long" >$dir/state
            echo t-1 >$base/last
            tell_last_run
            """
                .formatted("ä".repeat(3000)));

    List<String> lines = told.lines().skip(1).toList();
    assertThat(lines.getFirst()).matches("xä{497,498}\\.\\.\\.");
    assertThat(lines.getLast()).containsPattern("\"reason\":\"xxä{496,498}\\.\\.\\.\",");
  }

  @Test
  void ofManyFailedUnitsAFewAreNamed() throws IOException {
    assertThat(sh("status=4 failing='a b c d e '; explain 1; failing=\"$failing f g \"; explain 1"))
        .isEqualTo(
            "ended with 4, units failed: a b c d eended with 4, units failed: a b c d e and 2 more");
  }

  @Test
  void whereSystemdGivesNoAnswerNobodyIsTakenForDead() throws IOException {
    assertThat(
            sh(
                """
                for answer in '' active inactive failed; do
                    systemctl() { echo $answer; }
                    ! is_active x || echo "active: '$answer'"
                done
                """))
        .isEqualTo("active: ''\nactive: 'active'\n");
  }

  @Test
  void whoFollowsDoesNotWaitForTheLockOfALivingSupervisor() throws IOException {
    assertThat(
            sh(
                """
                echo 'state waiting' >$dir/state
                is_active() { return 1; }
                exec 7>$base/lock
                flock 7
                follow t-1 0 7>&- | sed /^H/q
                """))
        .endsWith("S\nstate waiting\n.\nH\n");
  }

  @Test
  void whatWasNotBegunWhenItWasAskedForNeverIsHoweverOftenOneAsks() throws IOException {
    assertThat(sh("follow t-2 0; follow t-2 0")).isEqualTo("N\nN\n");
    assertThat(
            sh(
                """
                resolve() { echo /nix/store/00000000000000000000000000000000-new; }
                current() { echo /nix/store/00000000000000000000000000000000-old; }
                (start 'token t-2' 'wanted path x' 2>&1) || echo not begun
                ls $base/runs/t-2
                """))
        .endsWith("not begun\nnever\n");
  }

  @Test
  void theLockIsRootsAloneAlsoWhereItIsThereAlready() throws IOException {
    assertThat(sh("umask 022; : >$base/lock; make_lock; stat -c %A $base/lock"))
        .isEqualTo("-rw-------\n");
  }

  @Test
  void whatIsCutShortBetweenProfileAndBootLoaderIsUndone() throws IOException {
    sh("set_default() { set_profile; status=1; return 1; }; commit");

    assertThat(state()).contains("state rolled-back", "reason the boot loader's installation");
    assertThat(sh("resolved $profile; ls ${profile%/*}"))
        .isEqualTo(folder + "/old\nsystem\nsystem-1-link\n");
    assertThat(calls("boot")).containsExactly("old boot");
  }

  @Test
  void whatSomebodyElseMadeTheDefaultSinceStays() throws IOException {
    for (String how : List.of("settle", "roll_back() { :; }; not_committed x")) {
      sh(
          """
          ln -sfn $folder/new $folder/current-system
          set_default() { exit 0; }
          commit
          """);
      sh(
          """
          set_profile
          set_theirs
          ln -sfn $folder/theirs $folder/current-system
          boot_id() { echo another; }
          %s
          """
              .formatted(how));

      assertThat(state())
          .as(how)
          .contains("state superseded", "somebody else made " + folder + "/theirs the default");
      assertThat(
              sh(
                  "resolved $profile; ls ${profile%/*}; rm $profile-[23]-link; ln -sfn system-1-link $profile"))
          .contains(folder + "/theirs", "system-3-link");
      assertThat(folder.resolve("calls")).content().doesNotContain("boot");
    }
  }

  @Test
  void aGenerationWithTheSystemBeforeThatSomebodyMadeSinceStays() throws IOException {
    sh("set_default() { exit 0; }; commit");
    sh("ln -s $folder/old $profile-3-link; ln -sfn system-3-link $profile; undo_commit");

    assertThat(sh("readlink $profile; readlink $profile-3-link"))
        .isEqualTo("system-1-link\n" + folder + "/old\n");
  }

  @Test
  void whatCantBeNotedIsNotCommitted() throws IOException {
    for (String note : List.of("profile-before", "generations-before", "state")) {
      // a folder in the way, once: of the state's puts it is the first
      sh(
          """
          ln -sfn $folder/new $folder/current-system
          rm -rf $dir/*.new $dir/state
          put() {
              if [ "$1" = $dir/%1$s ] && mkdir $folder/refused-%1$s 2>/dev/null; then return 1; fi
              put_once "$1" "$2"
          }
          commit
          """
              .formatted(note));

      assertThat(state())
          .as(note)
          .contains("state rolled-back", "reason its disk takes no writes\n");
      assertThat(sh("resolved $profile; resolved $folder/current-system"))
          .isEqualTo("%s/old\n%s/old\n".formatted(folder, folder));
      assertThat(calls("boot")).isEmpty();
    }
  }

  @Test
  void withoutItsNotesACommitIsNotUndone() throws IOException {
    sh("set_profile; undo_commit; gone_back why");

    assertThat(state()).contains("state failed", "reason why; and the default before is not known");
    assertThat(sh("resolved $profile")).isEqualTo(folder + "/new\n");
  }

  @Test
  void aGenerationThatHasBeenRemovedSinceIsNotGoneBackTo() throws IOException {
    sh("set_default() { exit 0; }; commit");
    sh("set_profile; rm $profile-1-link; undo_commit; gone_back why");

    assertThat(state()).contains("state failed", "the default before has been removed");
    assertThat(sh("resolved $profile")).isEqualTo(folder + "/new\n");
  }

  @Test
  void aBootLoaderThatCouldNotBePutBackIsToldAndNoSuccess() throws IOException {
    Files.createFile(folder.resolve("no-boot-loader"));
    sh("commit");

    assertThat(state()).contains("state failed", "; and the boot loader could not be put back");
    RunState end = RunState.parse(state().lines().toList());
    assertThat(EndCode.of(Outcome.FAILED, end.reason())).isEqualTo(FailureCode.NO_WAY_BACK);
    assertThat(calls("test")).containsExactly("old test");

    sh("rm $dir/state; ln -sfn $new $folder/current-system; boot_default() { echo $old; }; commit");
    assertThat(state()).as("nothing has changed there").contains("state rolled-back");
  }

  @Test
  void whatIsCollectedIsOnTheDiskBeforeTheBootLoaderIsAndThatAfterwards() throws IOException {
    sh(
        """
        mkdir $folder/bin
        printf '#!/bin/sh\\necho "$*" >>%s/calls\\n' $folder >$folder/bin/nix-env
        chmod +x $folder/bin/nix-env
        PATH=$folder/bin:$PATH
        set_profile
        ln -sfn system-1-link $profile
        ln -s $folder/theirs $profile-3-link
        ln -sfn $folder/old $folder/current-system
        exec 8>$base/lock
        remove_generations 1
        """);

    assertThat(folder.resolve("calls"))
        .content()
        .endsWith("--delete-generations 2\nsync\nold boot\nsync\n");
  }
}
