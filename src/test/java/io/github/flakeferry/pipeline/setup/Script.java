package io.github.flakeferry.pipeline.setup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Somebody whose answers are known beforehand. */
final class Script implements Dialog {
  private final Deque<String> answers;
  private final List<String> said = new ArrayList<>();

  Script(String... answers) {
    this.answers = new ArrayDeque<>(List.of(answers));
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
    String answer = answers.removeFirst();
    return answer.isEmpty() ? proposal : answer;
  }

  @Override
  public boolean isAnswered() {
    return true;
  }

  @Override
  public boolean confirm(String question) {
    said.add(question);
    return answers.removeFirst().equals("y");
  }
}
