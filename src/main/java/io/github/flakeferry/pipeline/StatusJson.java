package io.github.flakeferry.pipeline;

import io.github.flakeferry.board.BoardFacts;
import io.github.flakeferry.board.Lease;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.WorkingCopy.Drift;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Boards' status for programs: {@code flakeferry status --json}. */
public final class StatusJson {
  private static final JsonMapper JSON = new JsonMapper();

  private StatusJson() {}

  /**
   * One line: {@code boards}, each with what is known of it; what is not known is left out.
   *
   * @param now decides what is over
   */
  public static String render(List<BoardStatus> all, Instant now) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode boards = root.putArray("boards");
    for (BoardStatus status : all) {
      ObjectNode row = boards.addObject().put("board", status.board().name().value());
      ArrayNode tags = row.putArray("tags");
      status.board().tags().forEach(tags::add);
      row.put("address", status.board().address().toString());
      switch (status) {
        case BoardStatus.Silent(var board, var failure) ->
            UnansweredJson.put(row.put("reachable", false), failure);
        case BoardStatus.Answered answered -> answered(row.put("reachable", true), answered, now);
      }
    }
    return JSON.writeValueAsString(root);
  }

  private static void answered(ObjectNode row, BoardStatus.Answered status, Instant now) {
    BoardFacts facts = status.facts();
    facts.current().ifPresent(p -> row.put("current", p.toString()));
    facts.booted().ifPresent(p -> row.put("booted", p.toString()));
    facts.profile().ifPresent(p -> row.put("profile", p.toString()));
    facts.bootDefault().ifPresent(p -> row.put("bootDefault", p.toString()));
    status.commit().map(GitRevision::value).ifPresent(c -> row.put("commit", c));
    row.put("drift", word(status.drift()));
    if (status.drift() instanceof Drift.Behind(int commits)) {
      row.put("behind", commits);
    }
    row.put("known", facts.known())
        .put("storeFreeBytes", facts.storeFreeBytes())
        .put("clock", facts.clock().toString());
    facts.bootFreeBytes().ifPresent(bytes -> row.put("bootFreeBytes", bytes));
    ArrayNode failed = row.putArray("failedUnits");
    facts.failedUnits().forEach(failed::add);
    ArrayNode generations = row.putArray("generations");
    facts
        .generations()
        .forEach(
            g ->
                generations
                    .addObject()
                    .put("number", g.number())
                    .put("system", g.system().toString())
                    .put("time", g.time().toString()));
    facts.deployed().ifPresent(d -> deployed(row.putObject("deployed"), d));
    facts.lastRun().ifPresent(run -> lastRun(row.putObject("lastRun"), run, facts));
    facts.lease().ifPresent(lease -> lease(row.putObject("lease"), lease, facts, now));
  }

  private static void lease(ObjectNode to, Lease lease, BoardFacts facts, Instant now) {
    to.put("worth", facts.leaseWorth(now).map(StatusJson::word).orElse(""))
        .put("owner", lease.owner())
        .put("commit", lease.commit());
    if (!lease.isDamaged()) {
      to.put("since", lease.since().toString());
    }
    lease.until().ifPresent(end -> to.put("until", end.toString()));
  }

  private static String word(Lease.Worth worth) {
    return worth.name().toLowerCase(Locale.ROOT);
  }

  private static void deployed(ObjectNode to, BoardFacts.Deployed deployed) {
    to.put("system", deployed.system().toString())
        .put("owner", deployed.owner())
        .put("since", deployed.since().toString());
    deployed.commit().ifPresent(c -> to.put("commit", c.value()));
  }

  private static void lastRun(ObjectNode to, BoardFacts.LastRun run, BoardFacts facts) {
    to.put("state", run.state())
        .put("reason", run.reason())
        .put("owner", run.owner())
        .put("commit", run.commit())
        .put("since", run.since().toString())
        .put("alive", run.alive())
        .put("ended", run.ended())
        .put("beforeARestart", !run.bootId().equals(facts.bootId()));
    Optional.of(run)
        .flatMap(BoardFacts.LastRun::system)
        .ifPresent(s -> to.put("system", s.toString()));
  }

  private static String word(Drift drift) {
    return drift.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
