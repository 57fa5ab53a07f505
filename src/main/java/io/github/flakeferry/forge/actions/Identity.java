package io.github.flakeferry.forge.actions;

import java.io.IOException;
import java.util.Optional;

/**
 * Whose comments are ours. A person's token says so by {@code GET /user}. An app's token may not
 * ask that (403), and the job's own GITHUB_TOKEN is an app's: its comments are by {@code
 * github-actions[bot]}. Gitea and Forgejo have an account of their own for jobs. Of another app's
 * token nothing tells the app's name; then a comment by any app will do, as it must also begin with
 * our marker, which people can't make an app do.
 *
 * @param login the account, where the token says it
 * @param dialect knows the account of jobs
 */
record Identity(Optional<String> login, Dialect dialect) {
  static Identity of(Api api) throws ApiTrouble, IOException {
    try {
      return new Identity(Optional.of(Author.of(api.get("/user").body()).login()), api.dialect());
    } catch (ApiTrouble e) {
      if (e.isForbidden() || e.isNotFound()) {
        return new Identity(Optional.empty(), api.dialect());
      }
      throw e;
    }
  }

  /** Whether that is us for sure. */
  boolean wrote(Author author) {
    return login
        .map(author.login()::equalsIgnoreCase)
        .orElseGet(() -> dialect.isJobAccount(author));
  }

  /** Whether that may be us. */
  boolean mayHaveWritten(Author author) {
    return login.isEmpty() && author.type().equals("Bot");
  }
}
