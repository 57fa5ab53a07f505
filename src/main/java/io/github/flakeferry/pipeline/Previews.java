package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.Selector;
import io.github.flakeferry.fleet.SelectorInvalid;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequest.HeadTrust;
import io.github.flakeferry.pipeline.Plan.Content;
import io.github.flakeferry.pipeline.Plan.Pool;
import io.github.flakeferry.pipeline.Plan.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an event means for the environments where pull requests are tried. */
final class Previews {
  private final List<EnvironmentPolicy> environments;
  private final Policy policy;
  private final Narrowing narrowing;

  Previews(List<EnvironmentPolicy> environments, Policy policy, Narrowing narrowing) {
    this.environments =
        environments.stream().filter(e -> e.trigger().matchesPullRequest()).toList();
    this.policy = policy;
    this.narrowing = narrowing;
  }

  /** All boards of each environment that has some. */
  List<Pool> pools() {
    return environments.stream()
        .map(e -> new Pool(e, Planner.boards(e, policy, narrowing)))
        .filter(pool -> !pool.boards().isEmpty())
        .toList();
  }

  /** It is there, or there is something new in it. */
  Plan update(PullRequest request) {
    return update(request, pools());
  }

  private Plan update(PullRequest request, List<Pool> pools) {
    String what = "pull request " + request.number();
    if (pools.isEmpty()) {
      return new Plan.Nothing(Planner.nothing(environments, what));
    }
    if (request.trust() == HeadTrust.UNTRUSTED) {
      return buildOnly(
          request,
          pools,
          what
              + " comes from a fork or a bot: it is built without secrets, and neither published"
              + " nor deployed; to try it on a board, start the workflow by hand with its number and"
              + " its head's full commit");
    }
    if (request.draft()) {
      return buildOnly(request, pools, what + " is a draft: it is built, and gets no board");
    }
    var chosen = new ArrayList<Pool>();
    var lacking = new ArrayList<String>();
    for (Pool pool : pools) {
      try {
        chosen(pool, request).filter(p -> !p.boards().isEmpty()).ifPresent(chosen::add);
      } catch (SelectorInvalid e) {
        lacking.add("its label is no selector: " + e.getMessage());
      }
    }
    if (chosen.isEmpty()) {
      return new Plan.Nothing(what + " gets no board: " + lacking(lacking, pools));
    }
    return new Plan.Preview(content(request), request.number(), chosen);
  }

  /** A label was given or taken away. */
  Plan label(PullRequest request, String label) {
    var pools =
        pools().stream()
            .filter(p -> p.environment().preview().label().filter(l -> isOf(l, label)).isPresent())
            .toList();
    return pools.isEmpty()
        ? new Plan.Nothing("the label " + label + " means nothing to the policy")
        : labeled(request, pools);
  }

  /** Labels were given or taken away, and nobody knows which. */
  Plan labels(PullRequest request) {
    var pools =
        pools().stream().filter(p -> p.environment().preview().label().isPresent()).toList();
    return pools.isEmpty()
        ? new Plan.Nothing("labels mean nothing to the policy")
        : labeled(request, pools);
  }

  private Plan labeled(PullRequest request, List<Pool> pools) {
    boolean lost =
        pools.stream()
            .allMatch(
                p ->
                    request.labels().stream()
                        .noneMatch(l -> isOf(p.environment().preview().label().orElseThrow(), l)));
    return lost ? giveBack(request, pools) : update(request, pools);
  }

  /** It needs no board any more. */
  Plan end(PullRequest request, String what) {
    var pools = pools();
    return pools.isEmpty()
        ? new Plan.Nothing(Planner.nothing(environments, what))
        : giveBack(request, pools);
  }

  // with neither key nor token such a run could but fail
  private static Plan giveBack(PullRequest request, List<Pool> pools) {
    return request.trust() == HeadTrust.UNTRUSTED
        ? new Plan.Nothing(
            "pull request "
                + request.number()
                + " comes from a fork or a bot, whose runs have no secrets: if it was lent a board by"
                + " hand, the next scheduled run gives it back")
        : new Plan.GiveBack(request.head(), request.number(), pools);
  }

  /** A pull request's head that somebody has looked at and asked for, whoever wrote it. */
  Plan byHand(Content content, long number) {
    var pools = pools();
    return pools.isEmpty()
        ? new Plan.Nothing("pull request " + number + " gets no board: the inputs leave none")
        : new Plan.Preview(content, number, pools);
  }

  private static Content content(PullRequest request) {
    return new Content(request.head(), request.ref(), Proof.OF_ITS_REF);
  }

  private static Plan buildOnly(PullRequest request, List<Pool> pools, String why) {
    return new Plan.Preview(content(request), request.number(), pools).buildOnly(why);
  }

  /** The boards that its labels choose, or all where the environment wants no label. */
  private static Optional<Pool> chosen(Pool pool, PullRequest request) {
    Optional<String> wanted = pool.environment().preview().label();
    if (wanted.isEmpty() || request.labels().contains(wanted.get())) {
      return Optional.of(pool);
    }
    var selectors =
        request.labels().stream()
            .filter(label -> isOf(wanted.get(), label))
            .sorted()
            .map(label -> Selector.parse(label.substring(wanted.get().length() + 1).strip()))
            .toList();
    return selectors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pool(
                pool.environment(),
                pool.boards().stream()
                    .filter(b -> selectors.stream().anyMatch(s -> s.matches(b.name(), b.tags())))
                    .toList()));
  }

  private static boolean isOf(String wanted, String label) {
    return label.equals(wanted) || label.startsWith(wanted + ":");
  }

  private static String lacking(List<String> faults, List<Pool> pools) {
    if (!faults.isEmpty()) {
      return String.join("; ", faults);
    }
    return "it has no label "
        + String.join(
            " or ",
            pools.stream()
                .flatMap(p -> p.environment().preview().label().stream())
                .distinct()
                .toList())
        + " that chooses one";
  }
}
