package io.github.flakeferry.testbed;

import java.util.Optional;

/** A part of the stand-in's API. */
interface GitHubApi {
  /** The answer, where the request is for this part; the repository is there. */
  Optional<GitHubAnswer> answer(GitHubCall call);
}
