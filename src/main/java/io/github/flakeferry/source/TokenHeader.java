package io.github.flakeferry.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Base64;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A token that goes as a header to the scheme, host and port of a URL and nowhere else, be it by a
 * redirect: there JGit would send along what it is told to send.
 */
final class TokenHeader implements HttpConnectionFactory {
  private final HttpConnectionFactory connections = new JDKHttpConnectionFactory();
  private final URI own;
  private final Secret token;

  TokenHeader(URI own, Secret token) {
    this.own = own;
    this.token = token;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return authorised(connections.create(url), url);
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return authorised(connections.create(url, proxy), url);
  }

  private HttpConnection authorised(HttpConnection connection, URL to) {
    if (isOwn(to.getProtocol(), to.getHost(), to.getPort())) {
      String credentials = "x-access-token:" + token.reveal();
      connection.setRequestProperty(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }
    return connection;
  }

  /** Whether a transport may have it: not one that is only led to its host from elsewhere. */
  boolean isFor(URIish uri) {
    return isOwn(uri.getScheme(), uri.getHost(), uri.getPort());
  }

  private boolean isOwn(@Nullable String scheme, @Nullable String host, int port) {
    return String.valueOf(scheme).equals(own.getScheme())
        && String.valueOf(host).equalsIgnoreCase(String.valueOf(own.getHost()))
        && port == own.getPort();
  }
}
