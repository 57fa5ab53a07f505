package io.github.flakeferry.support.http;

import io.github.flakeferry.model.Secret;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Opens a proxy by what {@link EnvironmentProxies} know of it, once for each request. */
public final class ProxyLogin implements Authenticator {
  private static final String HEADER = "Proxy-Authorization";

  @Override
  public @Nullable Request authenticate(@Nullable Route route, Response response) {
    if (route == null || response.request().header(HEADER) != null) {
      return null; // it was refused
    }
    return login(route)
        .map(login -> response.request().newBuilder().header(HEADER, basic(login)).build())
        .orElse(null);
  }

  private static Optional<Secret> login(Route route) {
    return ProxySelector.getDefault() instanceof EnvironmentProxies proxies
        ? proxies.login(route.proxy().address())
        : Optional.empty();
  }

  private static String basic(Secret login) {
    String text = login.reveal();
    int colon = text.indexOf(':');
    return colon < 0
        ? Credentials.basic(text, "", StandardCharsets.UTF_8)
        : Credentials.basic(
            text.substring(0, colon), text.substring(colon + 1), StandardCharsets.UTF_8);
  }
}
