package io.github.flakeferry.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code flakeferry.yml}. Nothing is evaluated and nothing is asked of the network. The
 * format is published as {@code flakeferry.schema.json} beside this class.
 */
public final class PolicyReader {
  static final List<String> KEYS =
      List.of("caches", "substituters", "boards", "environments", "cross", "emulate", "parallel");

  private final Faults faults;

  private PolicyReader(Faults faults) {
    this.faults = faults;
  }

  /**
   * Reads a policy.
   *
   * @param fileName what faults name the file by
   * @throws PolicyInvalid with all that is wrong in it
   */
  public static Policy read(String fileName, String text) {
    var faults = new Faults(fileName);
    Optional<Policy> policy =
        Yaml.read(text, faults)
            .flatMap(root -> Section.of(root.place(), root, "a map", KEYS, faults))
            .map(new PolicyReader(faults)::policy);
    faults.throwIfAny();
    return policy.orElseThrow(() -> new IllegalStateException("no policy and no fault"));
  }

  private Policy policy(Section section) {
    Optional<Node> boardsNode =
        section.require("boards", "the file has no 'boards': expected a map of boards");
    List<BoardDraft> drafts = boardsNode.map(new BoardReader(faults)::read).orElse(List.of());
    List<EnvironmentDraft> environmentDrafts =
        section.find("environments").map(new EnvironmentReader(faults)::read).orElse(List.of());
    boolean all =
        boardsNode.isPresent()
            && boardsNode.get() instanceof Node.Fields(var _, var entries)
            && entries.size() == drafts.size();
    new FleetChecks(drafts, environmentDrafts, faults).check(all);

    var assembly = new BoardAssembly(drafts, faults);
    var boards = new ArrayList<BoardPolicy>();
    drafts.forEach(draft -> assembly.board(draft).ifPresent(boards::add));
    var environments = new ArrayList<EnvironmentPolicy>();
    environmentDrafts.forEach(draft -> draft.policy().ifPresent(environments::add));
    var cacheValues = new CacheValues(faults);
    List<CachePolicy> caches =
        section.find("caches").map(new CacheReader(cacheValues, faults)::read).orElse(List.of());
    return new Policy(
        section.choice("cross", Words.of(CrossPolicy.values()), CrossPolicy.AUTO),
        section.flag("emulate", false),
        section.integer("parallel", Policy.DEFAULT_PARALLEL, 1, 1000),
        caches,
        section
            .find("substituters")
            .map(new SubstituterReader(cacheValues, caches, faults)::read)
            .orElse(List.of()),
        boards,
        environments);
  }
}
