package io.github.flakeferry.testbed;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;

/** This machine can't have the test bed: root or a tool is missing, or the kernel forbids it. */
public final class TestbedUnavailable extends Failure {
  /**
   * @param message one line: exactly what is missing
   * @param advice the command that helps
   */
  TestbedUnavailable(String message, String advice) {
    super(FailureCode.TEST_BED, message, advice);
  }
}
