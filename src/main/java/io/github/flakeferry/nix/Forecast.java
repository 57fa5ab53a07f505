package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Nix would do to have something, as it says itself: {@code these 2 derivations will be
 * built:}, {@code these 3 paths will be fetched (1.2 KiB download, 5.7 MiB unpacked):}, each with a
 * list. Nix 2.8 to 2.26 say all sizes in MiB.
 *
 * @param toBuild derivations
 * @param toFetch how many paths
 * @param fetchedBytes what these take; absent where Nix doesn't say, or in words that are not known
 */
public record Forecast(List<StorePath> toBuild, int toFetch, OptionalLong fetchedBytes) {
  private static final Pattern FETCHED =
      Pattern.compile("^th(?:is|ese \\d+) paths? will be fetched\\b(.*)$");
  private static final Pattern SIZE =
      Pattern.compile("\\b(\\d{1,9}(?:\\.\\d{1,9})?) ([KMGT]iB|B|bytes) unpacked\\b");
  private static final Pattern PATH = Pattern.compile("^\\s+(/nix/store/[0-9a-z]{32}-\\S+)$");
  private static final Map<String, Integer> UNITS =
      Map.of("B", 0, "bytes", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

  public Forecast {
    toBuild = List.copyOf(toBuild);
  }

  /** Whether there is nothing to do. */
  public boolean isNothing() {
    return toBuild.isEmpty() && toFetch == 0;
  }

  /** Takes the lines of Nix's standard error. */
  static final class Reader implements Consumer<String> {
    private final List<StorePath> toBuild = new ArrayList<>();
    private int toFetch;
    private OptionalLong bytes = OptionalLong.empty();
    private boolean fetching;

    @Override
    public void accept(String said) {
      String line = NixError.readable(said);
      Matcher path = PATH.matcher(line);
      if (!path.matches()) {
        heading(line);
      } else if (fetching) {
        toFetch++;
      } else if (line.endsWith(".drv")) {
        toBuild.add(StorePath.parse(path.group(1)));
      }
    }

    private void heading(String line) {
      Matcher heading = FETCHED.matcher(line);
      fetching = heading.matches();
      if (fetching) {
        Matcher size = SIZE.matcher(heading.group(1));
        bytes =
            size.find()
                ? OptionalLong.of(
                    (long) (Double.parseDouble(size.group(1)) * (1L << unit(size.group(2)))))
                : OptionalLong.empty();
      }
    }

    private static int unit(String name) {
      return UNITS.getOrDefault(name, 0);
    }

    Forecast forecast() {
      return new Forecast(toBuild, toFetch, bytes);
    }
  }
}
