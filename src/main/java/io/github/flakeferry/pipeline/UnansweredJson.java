package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFailure;
import tools.jackson.databind.node.ObjectNode;

/** Why a board did not answer, as keys of an object. */
final class UnansweredJson {
  private UnansweredJson() {}

  static void put(ObjectNode to, BoardFailure failure) {
    to.put("outcome", failure.outcome().label().replace(' ', '-'))
        .put("code", failure.code().label())
        .put("message", failure.problem())
        .put("advice", failure.advice());
  }
}
