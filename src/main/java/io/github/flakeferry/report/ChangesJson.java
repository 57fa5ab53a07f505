package io.github.flakeferry.report;

import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.UnitChanges;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What changed between two systems, as keys of a board's object. */
public final class ChangesJson {
  private ChangesJson() {}

  /**
   * By what was done: {@code restarted}, {@code reloaded}, {@code started}, {@code stopped}, {@code
   * kept}.
   */
  public static void units(ObjectNode to, UnitChanges units) {
    names(to, "restarted", units.restarted());
    names(to, "reloaded", units.reloaded());
    names(to, "started", units.started());
    names(to, "stopped", units.stopped());
    names(to, "kept", units.kept());
  }

  private static void names(ObjectNode to, String key, List<String> names) {
    if (!names.isEmpty()) {
      names.forEach(to.putArray(key)::add);
    }
  }

  /** {@code oldBytes}, {@code newBytes} and {@code changes}. */
  public static void difference(ObjectNode to, ClosureDifference difference) {
    to.put("oldBytes", difference.oldBytes()).put("newBytes", difference.newBytes());
    ArrayNode changes = to.putArray("changes");
    for (ClosureDifference.Change change : difference.changes()) {
      ObjectNode row =
          changes
              .addObject()
              .put("name", change.name())
              .put("kind", change.kind().name().toLowerCase(Locale.ROOT))
              .put("bytes", change.sizeDelta());
      change.oldVersion().ifPresent(v -> row.put("old", v));
      change.newVersion().ifPresent(v -> row.put("new", v));
      if (difference.isKernel(change)) {
        row.put("kernel", true);
      }
    }
  }
}
