package io.github.flakeferry.fleet;

/**
 * One thing that is wrong in a policy file.
 *
 * @param line from 1
 * @param column from 1, in code points
 * @param message one line: what is wrong, what was expected, what may have been meant
 */
public record Fault(String file, int line, int column, String message) {
  /** {@code flakeferry.yml:12:5: …}, as editors and terminals make links of. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + message;
  }
}
