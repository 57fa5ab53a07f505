package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.BoardPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A plan for programs: {@code flakeferry plan --json} and the action's {@code plan} output. */
public final class PlanJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PlanJson() {}

  /**
   * One line of JSON: {@code kind} is {@code nothing}, {@code build}, {@code deploy}, {@code
   * preview}, {@code give-back} or {@code sweep}; {@code commit}, {@code ref} and {@code why} where
   * there are such; {@code boards} with name, environment, configuration, action, wave and address.
   * A preview's boards are the candidates, of which one of each environment is taken; a sweep's
   * {@code previews} are those that pull requests share, its {@code released} those that get
   * another commit than its own: what a tag, a release or another branch had rolled out last.
   */
  public static String render(Plan plan) {
    var json = new LinkedHashMap<String, Object>();
    switch (plan) {
      case Plan.Nothing(var why) -> {
        json.put("kind", "nothing");
        json.put("why", why);
      }
      case Plan.BuildOnly(var source, var configurations, var _, var why) -> {
        json.put("kind", "build");
        content(json, source);
        json.put("configurations", configurations);
        json.put("why", why);
      }
      case Plan.Deploy(var source, var boards, var _, var _) -> {
        json.put("kind", "deploy");
        content(json, source);
        json.put("boards", boards.stream().map(PlanJson::board).toList());
      }
      case Plan.Preview(var source, var number, var pools) -> {
        json.put("kind", "preview");
        content(json, source);
        json.put("pull-request", number);
        json.put("boards", candidates(pools, "test"));
      }
      case Plan.GiveBack(var head, var number, var pools) -> {
        json.put("kind", "give-back");
        json.put("commit", head.value());
        json.put("pull-request", number);
        json.put("boards", candidates(pools, "give-back"));
      }
      case Plan.Sweep(var source, var pools, var boards, var released) -> {
        json.put("kind", "sweep");
        content(json, source);
        json.put("previews", candidates(pools, "give-back"));
        json.put("boards", boards.stream().map(PlanJson::board).toList());
        json.put("released", released.stream().map(PlanJson::board).toList());
      }
    }
    return JSON.writeValueAsString(json);
  }

  private static void content(Map<String, Object> json, Plan.Content source) {
    json.put("commit", source.commit().value());
    json.put("ref", source.ref());
  }

  private static List<Map<String, Object>> candidates(List<Plan.Pool> pools, String action) {
    return pools.stream()
        .flatMap(
            pool -> pool.boards().stream().map(b -> board(b, pool.environment().name(), action, 0)))
        .toList();
  }

  private static Map<String, Object> board(Plan.PlannedBoard planned) {
    return board(
        planned.board(), planned.environment().name(), planned.action().label(), planned.wave());
  }

  private static Map<String, Object> board(
      BoardPolicy board, String environment, String action, int wave) {
    var row = new LinkedHashMap<String, Object>();
    row.put("name", board.name().value());
    row.put("environment", environment);
    row.put("configuration", board.configuration());
    row.put("action", action);
    row.put("wave", wave);
    row.put("address", board.address().toString());
    return row;
  }
}
