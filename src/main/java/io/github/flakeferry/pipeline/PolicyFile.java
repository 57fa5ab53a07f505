package io.github.flakeferry.pipeline;

import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.fleet.PolicyReader;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.GitSource;
import java.util.List;
import java.util.Optional;

/** Where the policy is in a repository. */
public final class PolicyFile {
  /** The usual places, from the repository's root; the first that there is counts. */
  public static final List<String> PLACES = List.of("flakeferry.yml", ".github/flakeferry.yml");

  private PolicyFile() {}

  /** Reads it from the tip of the default branch, whatever the event. */
  static Policy read(GitSource source, Optional<String> path, String defaultBranch) {
    GitRevision tip = source.defaultBranchTip();
    List<String> places = path.map(List::of).orElse(PLACES);
    for (String place : places) {
      Optional<String> text = source.readFile(tip, place);
      if (text.isPresent()) {
        return PolicyReader.read(place, text.get());
      }
    }
    throw Refused.noPolicy(places, defaultBranch);
  }
}
