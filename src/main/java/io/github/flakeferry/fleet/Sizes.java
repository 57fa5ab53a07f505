package io.github.flakeferry.fleet;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as the file writes them: {@code 500MiB}, {@code 2GiB}. */
final class Sizes {
  private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})(KiB|MiB|GiB|TiB)");

  private Sizes() {}

  static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? OptionalLong.of(
            Long.parseLong(matcher.group(1)) << (10 * (UNITS.indexOf(matcher.group(2)) + 1)))
        : OptionalLong.empty();
  }
}
