package io.github.flakeferry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.Attempt;
import io.github.flakeferry.model.Repository;
import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A forge that sends whoever asks it on to another host. */
final class TokenHeaderTest {
  private static final Secret TOKEN = new Secret("t0ken-of-the-job");

  private final List<Boolean> forgeGotIt = new CopyOnWriteArrayList<>();
  private final List<Boolean> otherGotIt = new CopyOnWriteArrayList<>();
  private HttpServer forge;
  private HttpServer other;

  @BeforeEach
  void begin() throws IOException {
    other = serve(otherGotIt, Optional.empty());
    forge = serve(forgeGotIt, Optional.of(url(other)));
  }

  private static HttpServer serve(List<Boolean> gotIt, Optional<String> location)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          gotIt.add(exchange.getRequestHeaders().containsKey("Authorization"));
          location.ifPresent(
              to ->
                  exchange
                      .getResponseHeaders()
                      .set("Location", to + exchange.getRequestURI().toString()));
          exchange.sendResponseHeaders(location.isPresent() ? 302 : 404, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void end() {
    forge.stop(0);
    other.stop(0);
  }

  @Attempt(
      to = "the job's token, by a redirect from the forge to another host",
      got = "asked without it")
  @Test
  void theTokenStaysWithTheForge() {
    var repository = new Repository("o/r", URI.create(url(forge) + "/o/r.git"), "main");
    try (var source = GitSource.open(repository, Optional.of(TOKEN))) {
      assertThat(catchThrowableOfType(SourceFailed.class, source::refs)).isNotNull();
      assertThat(catchThrowableOfType(SourceFailed.class, source::defaultBranchTip)).isNotNull();
    }

    assertThat(forgeGotIt).isNotEmpty().containsOnly(true);
    assertThat(otherGotIt).isNotEmpty().containsOnly(false);
  }
}
