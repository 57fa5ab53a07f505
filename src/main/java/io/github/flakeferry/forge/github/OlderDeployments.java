package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.actions.Api;
import io.github.flakeferry.forge.actions.ApiTrouble;
import io.github.flakeferry.forge.github.DeploymentApi.Found;
import io.github.flakeferry.forge.github.DeploymentApi.Last;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for what is open of an environment's Deployments, over all pages. A list does not tell
 * their states, and asking for each costs a request: so each of ours keeps in its payload up to
 * which id all were over when it was made, and what lies before that is not asked for again.
 */
final class OlderDeployments {
  /** So many are asked for at most: GitHub allows 1,000 requests an hour. */
  private static final int MOST_ASKED = 400;

  private final DeploymentApi deployments;
  private final Optional<Long> own;
  private final Map<Found, Last> open = new LinkedHashMap<>();
  private Optional<Long> known = Optional.empty();
  private long newest;
  private int asked;

  /**
   * @param own is not among them
   */
  OlderDeployments(DeploymentApi deployments, Optional<Long> own) {
    this.deployments = deployments;
    this.own = own;
  }

  void look(Api api, EnvironmentRef environment) throws ApiTrouble, IOException {
    deployments.ofEnvironment(api, environment, found -> look(api, found));
  }

  private boolean look(Api api, Found found) throws ApiTrouble, IOException {
    if (own.filter(id -> id == found.id()).isPresent()) {
      return true;
    }
    known = known.or(found::settled);
    if (known.filter(id -> found.id() <= id).isPresent() || asked == MOST_ASKED) {
      return false;
    }
    asked++;
    newest = Math.max(newest, found.id());
    Last last = deployments.last(api, found.id());
    if (!last.isOver()) {
      open.put(found, last);
    }
    return true;
  }

  /** The ids of those that are not over. */
  List<Long> open() {
    return open.keySet().stream().map(Found::id).toList();
  }

  /** Those that no run has said the end of. */
  Map<Found, Last> underWay() {
    var all = new LinkedHashMap<Found, Last>(open);
    all.values().removeIf(last -> !last.isUnderWay());
    return all;
  }

  /** One of them has been ended. */
  void isOver(Found ended) {
    open.remove(ended);
  }

  /** Up to which id all are over. */
  Optional<Long> settled() {
    if (asked == MOST_ASKED) {
      return known;
    }
    return open().stream()
        .min(Long::compare)
        .map(oldest -> oldest - 1)
        .or(() -> newest > 0 ? Optional.of(newest) : known);
  }
}
