package io.github.flakeferry;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that does what somebody with a pull request might, and asserts what comes of it: a row of
 * {@code src/doc/hostile-pull-request.md}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Attempt {
  /** What is wanted, in Markdown. */
  String to();

  /** What came of it, in Markdown. */
  String got();
}
