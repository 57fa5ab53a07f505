package io.github.flakeferry.pipeline.check;

import io.github.flakeferry.model.Failure;
import java.util.List;

/** Looks at one thing that a run needs. */
public interface Check {
  /** A word for what it looks at. */
  String name();

  /**
   * Looks.
   *
   * @throws Failure what hinders it from looking, which is a finding, too
   */
  List<Finding> look();
}
