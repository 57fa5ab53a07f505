package io.github.flakeferry.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the file writes the values of an enum: {@code DRY_ACTIVATE} is {@code dry-activate}. */
final class Words {
  private Words() {}

  /** In this order. */
  @SafeVarargs
  static <E extends Enum<E>> Map<String, E> of(E... values) {
    var words = new LinkedHashMap<String, E>();
    for (E value : values) {
      words.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
    }
    return Collections.unmodifiableMap(words);
  }
}
