package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.EnvironmentPolicy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.GitRevision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The tags and branches of the repository that deploy to an environment, as far as is bearable. */
final class SweptRefs {
  /** Of each environment the newest, for each is asked about. */
  private static final int MOST = 20;

  private SweptRefs() {}

  /**
   * Where they point to, by their full names; nothing, with a warning, where that can't be told.
   */
  static Map<String, GitRevision> of(Work work) {
    var refs = new HashMap<String, GitRevision>();
    try {
      SortedMap<String, GitRevision> all = work.source().refs();
      for (EnvironmentPolicy environment : work.policy().environments()) {
        if (work.settings().narrowing().admits(environment)) {
          List<String> fit =
              all.keySet().stream().filter(environment.trigger()::matchesRef).toList();
          List<String> newest = work.source().newest(fit, MOST);
          all.forEach(
              (ref, commit) -> {
                if (newest.contains(ref)) {
                  refs.put(ref, commit);
                }
              });
        }
      }
    } catch (Failure failure) {
      work.progress().warn("what was released can't be told: " + failure.told());
    }
    return refs;
  }
}
