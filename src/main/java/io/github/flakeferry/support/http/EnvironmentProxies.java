package io.github.flakeferry.support.http;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies that the environment names, as curl reads them (its manual, "ENVIRONMENT"): {@code
 * http_proxy}, {@code https_proxy} and {@code all_proxy}, and in {@code no_proxy} the hosts that
 * are reached without. This machine itself always is.
 */
public final class EnvironmentProxies extends ProxySelector {
  private static final int USUAL_PORT = 1080; // curl's

  /**
   * A proxy that a variable names.
   *
   * @param login {@code user:password}
   */
  private record Named(Proxy proxy, Optional<Secret> login) {}

  private final Optional<Named> http;
  private final Optional<Named> https;
  private final List<String> without;

  private EnvironmentProxies(Map<String, String> environment) {
    this.http = named(environment, "http_proxy", "all_proxy");
    this.https = named(environment, "https_proxy", "all_proxy");
    this.without =
        first(environment, "no_proxy").map(text -> text.toLowerCase(Locale.ROOT).strip()).stream()
            .flatMap(text -> Stream.of(text.split("[,\\s]+")))
            .toList();
  }

  /** Has all of Java use them from now on, if there are any. */
  public static void use(Map<String, String> environment) {
    var proxies = new EnvironmentProxies(environment);
    if (proxies.http.isPresent() || proxies.https.isPresent()) {
      setDefault(proxies);
    }
  }

  static EnvironmentProxies of(Map<String, String> environment) {
    return new EnvironmentProxies(environment);
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
        .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  // what is no URL is left out: it may hold a password
  private static Optional<Named> named(Map<String, String> environment, String... names) {
    return first(environment, names)
        .map(value -> value.contains("://") ? value : "http://" + value)
        .flatMap(
            value -> {
              try {
                return named(URI.create(value.strip()));
              } catch (IllegalArgumentException e) {
                return Optional.empty();
              }
            });
  }

  private static Optional<Named> named(URI url) {
    if (url.getHost() == null) {
      return Optional.empty();
    }
    var type =
        url.getScheme().toLowerCase(Locale.ROOT).startsWith("socks")
            ? Proxy.Type.SOCKS
            : Proxy.Type.HTTP;
    int port = url.getPort() < 0 ? USUAL_PORT : url.getPort();
    return Optional.of(
        new Named(
            new Proxy(type, InetSocketAddress.createUnresolved(url.getHost(), port)),
            Optional.ofNullable(url.getRawUserInfo())
                .map(EnvironmentProxies::decoded)
                .map(Secret::new)));
  }

  // in a URL a plus is a plus
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public List<Proxy> select(URI uri) {
    boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
    return List.of(
        (isSecure ? https : http)
            .filter(named -> uri.getHost() != null && !isWithout(uri, isSecure ? 443 : 80))
            .map(Named::proxy)
            .orElse(Proxy.NO_PROXY));
  }

  private boolean isWithout(URI uri, int usualPort) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort() < 0 ? usualPort : uri.getPort();
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d+){3}")
        || without.stream().anyMatch(entry -> matches(entry, host, port));
  }

  // example.org stands for itself and for all below it, and so does .example.org
  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    boolean hasPort = entry.matches(".*[^:]:\\d{1,5}");
    int colon = hasPort ? entry.lastIndexOf(':') : entry.length();
    if (hasPort && Integer.parseInt(entry.substring(colon + 1)) != port) {
      return false;
    }
    String name = entry.substring(0, colon).replaceFirst("^\\*?\\.", "");
    return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
  }

  /** What opens the proxy at this address. */
  Optional<Secret> login(SocketAddress address) {
    return Stream.of(https, http)
        .flatMap(Optional::stream)
        .filter(named -> named.proxy().address().equals(address))
        .flatMap(named -> named.login().stream())
        .findFirst();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException fault) {
    // whoever asked is told
  }
}
