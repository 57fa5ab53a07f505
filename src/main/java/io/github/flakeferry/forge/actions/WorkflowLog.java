package io.github.flakeferry.forge.actions;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.LogWriter;
import io.github.flakeferry.support.progress.Progress;
import io.github.flakeferry.support.progress.ProgressEvent;
import io.github.flakeferry.support.progress.Wording;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A run's log with GitHub's workflow commands (GitHub docs, "Workflow commands"). The runner takes
 * any line for a command that begins with {@code ::} after white space, or has {@code ##[} in it;
 * what others wrote is therefore printed while commands are stopped.
 */
public final class WorkflowLog implements Progress {
  // shorter lines of a secret, such as a brace, would blot out half the log
  private static final int SHORTEST_MASK = 4;

  private final PrintStream out;
  private final LogWriter writer;
  private final SecureRandom random = new SecureRandom();
  private boolean inGroup;
  private Optional<String> stopToken = Optional.empty();

  public WorkflowLog(PrintStream out, InstantSource clock) {
    this.out = out;
    this.writer = new LogWriter(new Commands(), LogWriter.Detail.NORMAL, clock);
  }

  @Override
  public synchronized void report(ProgressEvent event) {
    writer.report(event);
    out.flush();
  }

  @Override
  public synchronized void beat() {
    writer.beat();
    out.flush();
  }

  private final class Commands implements LogWriter.Lines {
    @Override
    public void stageStarted(String stage) {
      endGroup();
      command("group", stage);
      inGroup = true;
    }

    @Override
    public void stageEnded(ProgressEvent.StageEnded stage) {
      endGroup();
      text(Wording.of(stage));
    }

    @Override
    public void note(String text) {
      text(text);
    }

    @Override
    public void warning(String text) {
      command("warning", Words.printable(text));
    }

    @Override
    public void foreign(String origin, String text) {
      WorkflowLog.this.foreign(Words.printableLine(origin) + "> ", text);
    }
  }

  /** Has the runner hide a secret in all that follows, line by line. */
  public synchronized void mask(Secret secret) {
    secret
        .reveal()
        .lines()
        .map(String::strip)
        .filter(line -> line.length() >= SHORTEST_MASK)
        .forEach(line -> command("add-mask", line));
    out.flush();
  }

  /** Says what failed: an annotation, then what to do, where to read more, and the details. */
  public synchronized void failed(Failure failure) {
    endGroup();
    command("error", Words.printable(failure.told()));
    if (!failure.advice().isBlank()) {
      text(failure.advice());
    }
    text("See " + failure.code().page());
    failure.details().forEach(detail -> foreign("", detail));
    resume();
    out.flush();
  }

  private void endGroup() {
    if (inGroup) {
      command("endgroup", "");
      inGroup = false;
    }
  }

  private void command(String name, String data) {
    resume();
    line("::" + name + "::" + data.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"));
  }

  // our own words may quote others'; what counts as white space before the colons is .NET's affair
  private void text(String text) {
    for (String line : Words.printable(text).split("\n", -1)) {
      if (line.contains("::") || line.contains("##[")) {
        foreign("", line);
      } else {
        resume();
        line(line);
      }
    }
  }

  private void foreign(String before, String text) {
    if (stopToken.isEmpty()) {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      String token = HexFormat.of().formatHex(bytes);
      line("::stop-commands::" + token);
      stopToken = Optional.of(token);
    }
    Words.printable(text).lines().forEach(line -> line(before + line));
  }

  private void resume() {
    stopToken.ifPresent(token -> line("::" + token + "::"));
    stopToken = Optional.empty();
  }

  // never the platform's line end: the runner is Linux
  private void line(String line) {
    out.print(line + "\n");
  }
}
