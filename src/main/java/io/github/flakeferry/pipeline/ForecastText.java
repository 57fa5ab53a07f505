package io.github.flakeferry.pipeline;

import io.github.flakeferry.nix.Forecast;
import io.github.flakeferry.nix.StoreRoom;
import io.github.flakeferry.support.Words;
import java.util.ArrayList;
import java.util.Optional;

/** What Nix is about to do, in a line of the log. */
final class ForecastText {
  private ForecastText() {}

  static String of(Forecast forecast, Optional<StoreRoom> room) {
    var tasks = new ArrayList<String>();
    if (!forecast.toBuild().isEmpty()) {
      tasks.add("build " + Words.count(forecast.toBuild().size(), "derivation"));
    }
    if (forecast.toFetch() > 0) {
      var text = new StringBuilder("fetch " + Words.count(forecast.toFetch(), "path"));
      forecast
          .fetchedBytes()
          .ifPresent(bytes -> text.append(", ").append(Words.bytes(bytes)).append(" unpacked"));
      tasks.add(text.toString());
    }
    return "will "
        + String.join(" and ", tasks)
        + room.map(r -> "; %s are free in %s".formatted(Words.bytes(r.free()), r.folder()))
            .orElse("");
  }
}
