package io.github.flakeferry.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone: the proxies are those of all of Java. */
@Isolated
final class EnvironmentProxiesTest {
  private static String through(Map<String, String> environment, String url) {
    Proxy proxy = EnvironmentProxies.of(environment).select(URI.create(url)).getFirst();
    return proxy.type() == Proxy.Type.DIRECT ? "direct" : proxy.toString();
  }

  @Test
  void eachSchemeHasItsOwnAndLowerCaseComesFirst() {
    var environment =
        Map.of(
            "http_proxy", "http://plain:3128",
            "HTTP_PROXY", "http://loud:1",
            "HTTPS_PROXY", "secure:8443");
    assertThat(through(environment, "http://cache.example.org/x")).contains("plain", "3128");
    assertThat(through(environment, "https://cache.example.org/x")).contains("secure", "8443");
    assertThat(through(Map.of("http_proxy", "http://plain:1"), "https://cache.example.org/"))
        .isEqualTo("direct");
    assertThat(through(Map.of("all_proxy", "socks5h://hall"), "https://cache.example.org/"))
        .startsWith("SOCKS")
        .contains("hall", "1080");
  }

  @Test
  void whatIsNamedIsReachedWithout() {
    var environment =
        Map.of(
            "https_proxy", "http://proxy:3128",
            "no_proxy", "intra.example.org, .lan,host:8443,[fd00::1],10.0.0.7");
    for (String direct :
        List.of(
            "https://intra.example.org/",
            "https://CACHE.intra.example.org/",
            "https://nas.lan/",
            "https://host:8443/",
            "https://10.0.0.7/",
            "https://[fd00::1]/",
            "https://localhost:1/",
            "https://127.0.0.1:1/")) {
      assertThat(through(environment, direct)).as(direct).isEqualTo("direct");
    }
    for (String proxied :
        List.of("https://notintra.example.org/", "https://host/", "https://example.org/")) {
      assertThat(through(environment, proxied)).as(proxied).contains("proxy");
    }
    assertThat(through(Map.of("https_proxy", "http://proxy:1", "no_proxy", "*"), "https://a.org/"))
        .isEqualTo("direct");
  }

  @Test
  void whatIsNoUrlIsNoProxy() {
    assertThat(through(Map.of("http_proxy", "http://u:p w@x y"), "http://a.org/"))
        .isEqualTo("direct");
  }

  @Test
  void aLoginIsOnlyTheProxys() {
    var proxies =
        EnvironmentProxies.of(
            Map.of("https_proxy", "http://ci:pass%40w+rd@proxy.example.org:3128"));
    var address = InetSocketAddress.createUnresolved("proxy.example.org", 3128);
    assertThat(proxies.login(address).map(Secret::reveal)).contains("ci:pass@w+rd");
    assertThat(proxies.login(InetSocketAddress.createUnresolved("other", 3128))).isEmpty();
    assertThat(proxies.select(URI.create("https://a.org/")).toString()).doesNotContain("pass");
  }

  @Test
  void requestsGoThroughAProxyThatWantsALogin() throws IOException {
    var seen = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Optional<String> login =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            seen.add(exchange.getRequestURI() + " " + login.orElse("nobody"));
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=x");
            exchange.sendResponseHeaders(login.isPresent() ? 200 : 407, -1);
          }
        });
    server.start();
    ProxySelector before = ProxySelector.getDefault();
    EnvironmentProxies.use(
        Map.of("http_proxy", "http://ci:secret@127.0.0.1:" + server.getAddress().getPort()));
    try (var http = new Http()) {
      HttpAnswer answer =
          http.send(
              HttpRequest.get(URI.create("http://cache.example.org/x")),
              Patience.of(Duration.ZERO));
      assertThat(answer.status()).isEqualTo(200);
    } finally {
      ProxySelector.setDefault(before);
      server.stop(0);
    }
    String login = Base64.getEncoder().encodeToString("ci:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(seen)
        .containsExactly(
            "http://cache.example.org/x nobody", "http://cache.example.org/x Basic " + login);
  }
}
