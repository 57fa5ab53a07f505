package io.github.flakeferry.support.http;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: whom a credential is for (RFC 6454). */
record Origin(String scheme, String host, int port) {
  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    return new Origin(
        scheme,
        String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT),
        uri.getPort() < 0 ? usual : uri.getPort());
  }
}
