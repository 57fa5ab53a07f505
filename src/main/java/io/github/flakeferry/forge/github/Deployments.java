package io.github.flakeferry.forge.github;

import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.actions.Api;
import io.github.flakeferry.forge.actions.ApiTrouble;
import io.github.flakeferry.forge.actions.RunPages;
import io.github.flakeferry.forge.github.DeploymentApi.Found;
import io.github.flakeferry.forge.github.DeploymentApi.Last;
import io.github.flakeferry.model.GitRevision;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A Deployment for each environment and commit, and the end of older ones. GitHub itself ends only
 * some of them ({@code auto_inactive}: neither transient nor production ones). Not for more than
 * one thread.
 */
final class Deployments {
  private final RunContext run;
  private final RunPages pages;
  private final DeploymentApi deployments;
  private final Map<String, Made> made = new HashMap<>();

  Deployments(RunContext run, RunPages pages) {
    this.run = run;
    this.pages = pages;
    this.deployments = new DeploymentApi(run);
  }

  static String label(DeploymentState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /**
   * What this run made of an environment and commit.
   *
   * @param id absent where it made none
   * @param older what the environment has or is about to get
   * @param whyNone empty where there is nothing to tell of it
   */
  private record Made(Optional<Long> id, List<Long> older, String whyNone) {
    static Made none(String why) {
      return new Made(Optional.empty(), List.of(), why);
    }
  }

  /**
   * Sets the state, and makes the Deployment before the first one.
   *
   * @return why there is none
   */
  Optional<String> tell(
      Api api,
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url)
      throws ApiTrouble, IOException {
    String key = commit + " " + environment;
    if (!made.containsKey(key) && api.isHurried()) {
      // made now, it might stay open
      return Optional.empty();
    }
    if (!made.containsKey(key)) {
      made.put(key, make(api, commit, environment));
    }
    Made ours = made.getOrDefault(key, Made.none(""));
    if (ours.id().isPresent()) {
      deployments.set(api, ours.id().orElseThrow(), label(state), description, page(), url);
      if (state == DeploymentState.SUCCESS) {
        end(api, ours.older(), "replaced by " + commit.abbreviated());
        made.put(key, new Made(ours.id(), List.of(), ""));
      }
    }
    return Optional.of(ours.whyNone()).filter(why -> !why.isEmpty());
  }

  private Made make(Api api, GitRevision commit, EnvironmentRef environment)
      throws ApiTrouble, IOException {
    // where the answer was lost, it is there when this is tried again
    var own = new AtomicReference<Optional<Long>>(Optional.empty());
    var byTheJob = new AtomicReference<Boolean>(false);
    deployments.ofCommit(
        api,
        commit,
        Optional.of(environment.name()),
        found -> {
          if (found.madeBy().isEmpty()) {
            byTheJob.set(pages.isOfThisRun(deployments.last(api, found.id()).page()));
          } else if (found.madeBy().equals(page()) && found.isFor(environment)) {
            own.set(Optional.of(found.id()));
          }
          return own.get().isEmpty() && !byTheJob.get();
        });
    if (byTheJob.get()) {
      return Made.none("");
    }
    var older = new OlderDeployments(deployments, own.get());
    older.look(api, environment);
    for (var left : older.underWay().entrySet()) {
      if (closeIfAbandoned(api, left.getKey(), left.getValue())) {
        older.isOver(left.getKey());
      }
    }
    if (own.get().isPresent()) {
      // another job of this run has another part of the environment, and what it says stays true
      return deployments.last(api, own.get().orElseThrow()).isFailure()
          ? Made.none("")
          : new Made(own.get(), older.open(), "");
    }
    try {
      Optional<Long> id = deployments.make(api, commit, environment, older.settled());
      return id.isPresent()
          ? new Made(id, older.open(), "")
          : Made.none(whyNone(environment, "it merged something into the commit instead"));
    } catch (ApiTrouble e) {
      if (e.status() == 409) {
        return Made.none(whyNone(environment, e.problem()));
      }
      throw e;
    }
  }

  private static String whyNone(EnvironmentRef environment, String why) {
    return "GitHub made no Deployment to " + environment.name() + ": " + why + ".";
  }

  /** Ends all that an environment has. */
  void retire(Api api, EnvironmentRef environment, String description)
      throws ApiTrouble, IOException {
    var all = new OlderDeployments(deployments, Optional.empty());
    all.look(api, environment);
    end(api, all.open(), description);
  }

  private void end(Api api, List<Long> open, String description) throws ApiTrouble, IOException {
    for (long id : open) {
      deployments.set(api, id, "inactive", description, page(), Optional.empty());
    }
  }

  /** Ends those of ours that are under way although their run is over. */
  void closeAbandoned(Api api, GitRevision commit) throws ApiTrouble, IOException {
    deployments.ofCommit(
        api,
        commit,
        Optional.empty(),
        found -> {
          if (found.madeBy().isPresent()) {
            closeIfAbandoned(api, found, deployments.last(api, found.id()));
          }
          return true;
        });
  }

  private boolean closeIfAbandoned(Api api, Found found, Last last) throws ApiTrouble, IOException {
    String page = last.page().isEmpty() ? found.madeBy().orElse("") : last.page();
    String since = last.at().isEmpty() ? found.createdAt() : last.at();
    boolean abandoned =
        found.madeBy().isPresent() && last.isUnderWay() && pages.isOver(api, page, since);
    if (abandoned) {
      deployments.set(
          api, found.id(), "error", RunPages.ABANDONED, Optional.of(page), Optional.empty());
    }
    return abandoned;
  }

  private Optional<String> page() {
    return run.url().map(URI::toString);
  }
}
