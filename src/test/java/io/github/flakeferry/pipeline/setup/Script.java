package io.github.flakeferry.pipeline.setup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Somebody whose answers are known beforehand, or nobody. */
final class Script implements Dialog {
  private final Deque<String> answers;
  private final List<String> said = new ArrayList<>();
  private final boolean answered;

  private Script(List<String> answers, boolean answered) {
    this.answers = new ArrayDeque<>(answers);
    this.answered = answered;
  }

  Script(String... answers) {
    this(List.of(answers), true);
  }

  /** As with {@code --yes}. */
  static Script ofNobody() {
    return new Script(List.of(), false);
  }

  List<String> said() {
    return said;
  }

  @Override
  public void say(String text) {
    said.add(text);
  }

  @Override
  public String ask(String question, String proposal) {
    said.add(question);
    String answer = answered ? answers.removeFirst() : "";
    return answer.isEmpty() ? proposal : answer;
  }

  @Override
  public boolean isAnswered() {
    return answered;
  }

  @Override
  public boolean confirm(String question) {
    said.add(question);
    return answered && answers.removeFirst().equals("y");
  }
}
