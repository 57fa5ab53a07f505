package io.github.flakeferry.board;

import io.github.flakeferry.model.FailureCode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that speaks against a deployment, found before the board is touched.
 *
 * @param words a sentence
 */
public record Trouble(FailureCode code, String words) {

  /** All of them, a line for each; where they are of several kinds each with its code. */
  static String told(List<Trouble> all) {
    boolean alike = all.stream().map(Trouble::code).distinct().count() == 1;
    return all.stream()
        .map(t -> alike ? t.words() : t.words() + " (" + t.code() + ")")
        .collect(Collectors.joining("\n"));
  }
}
