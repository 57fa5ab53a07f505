package io.github.flakeferry.pipeline.setup;

import java.util.regex.Pattern;

/** Texts as YAML has them (YAML 1.2, section 7.3). */
final class Scalars {
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?!(true|false|null|yes|no|on|off|y|n)$)[a-z_][a-z0-9._/-]*"
              + "|\\d+(\\.\\d+){3}"
              + "|https?://[a-zA-Z0-9./:_-]*[a-zA-Z0-9/]");

  private Scalars() {}

  /** As it is where no parser takes it for anything else, in quotes otherwise. */
  static String plainOrQuoted(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
