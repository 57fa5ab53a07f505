package io.github.flakeferry.source;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.source.SourceFailed.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.transport.TransportHttp;

/**
 * A repository to fetch from, and the token that opens it. The token goes as a {@link TokenHeader}.
 *
 * @param url http, https or file
 */
record Remote(URI url, Optional<Secret> token) {
  private static final int TIMEOUT_SECONDS = 60;

  static int timeoutSeconds() {
    return TIMEOUT_SECONDS;
  }

  Remote {
    if (!List.of("http", "https", "file").contains(String.valueOf(url.getScheme()))) {
      throw new SourceFailed(
          Kind.UNREACHABLE,
          "the repository's URL is neither http, https nor file: " + url,
          "Let the forge's server URL be one of these.");
    }
  }

  /** Makes a new repository's {@code origin} this, and its behaviour the same on every machine. */
  static void configure(Git git, URI url) throws IOException {
    var config = git.getRepository().getConfig();
    config.setString("remote", "origin", "url", url.toString());
    config.setString("http", null, "followRedirects", "false");
    config.setString("core", null, "autocrlf", "false");
    config.setInt("gc", null, "auto", 0);
    config.save();
  }

  /** Has the token go along, where {@code url}'s own host is asked. */
  TransportConfigCallback authentication() {
    return transport -> {
      transport.setTimeout(TIMEOUT_SECONDS);
      if (transport instanceof TransportHttp http && token.isPresent()) {
        var header = new TokenHeader(url, token.get());
        if (header.isFor(http.getURI())) {
          http.setHttpConnectionFactory(header);
        }
      }
    };
  }

  /** Says in words what JGit's exception means. */
  SourceFailed failed(Exception e) {
    String all = messages(e);
    String lower = all.toLowerCase(Locale.ROOT);
    if (lower.contains("not authorized")
        || lower.contains("authentication")
        || lower.contains("not permitted")
        || lower.contains(" 403")
        || lower.contains(" 401")) {
      return new SourceFailed(
          Kind.NOT_AUTHORIZED,
          "%s refused us%s".formatted(url, token.isPresent() ? " with the token we have" : ""),
          token.isPresent()
              ? "Check that the token is valid and may read the repository's contents"
                  + " (`permissions: contents: read`)."
              : "A private repository needs a token: the input github-token.");
    }
    if (lower.contains("not found") || lower.contains("does not exist")) {
      return new SourceFailed(
          Kind.NOT_AUTHORIZED,
          "%s does not exist, or the token may not see it".formatted(url),
          "Check the repository's name and that the token may read its contents.");
    }
    if (lower.contains("no space left")) {
      return new SourceFailed(
          Kind.LOCAL,
          "no space is left on this machine for the checkout of " + url,
          "Free some space, or let TMPDIR point to a larger disk.");
    }
    return new SourceFailed(
        Kind.UNREACHABLE,
        "%s could not be fetched: %s".formatted(url, all),
        "Check that this machine reaches it.");
  }

  private String messages(Throwable e) {
    var text = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message.replace(url + ": ", ""));
      }
    }
    return text.isEmpty() ? e.getClass().getSimpleName() : text.toString();
  }
}
