package io.github.flakeferry.fleet;

import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.S3Location;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what a cache of ours and one of others both have. No message shows a URL or a key: somebody
 * may have put a secret there.
 */
final class CacheValues {
  static final String PUBLIC_KEY = "a public key such as cache-1:…= (44 characters)";

  private static final String URL =
      "a URL such as file:///var/cache/boards or https://cache.example.org";
  private static final int HIGHEST = 1000;

  private final Faults faults;
  private final Map<URI, Place> urls = new HashMap<>();

  CacheValues(Faults faults) {
    this.faults = faults;
  }

  /** The URL, which no other cache has. */
  Optional<URI> url(Section section) {
    return section
        .require("url", "the cache has no url: expected " + URL)
        .flatMap(node -> faults.text(node, URL))
        .flatMap(this::url);
  }

  OptionalInt priority(Section section) {
    return section.find("priority").isPresent()
        ? OptionalInt.of(section.integer("priority", 0, 0, HIGHEST))
        : OptionalInt.empty();
  }

  private Optional<URI> url(Node.Text text) {
    URI url;
    try {
      url = new URI(text.value());
    } catch (URISyntaxException e) {
      faults.add(text.place(), "expected " + URL);
      return Optional.empty();
    }
    Optional<String> fault = fault(url);
    fault.ifPresent(message -> faults.add(text.place(), message));
    Place first = urls.putIfAbsent(url, text.place());
    if (first != null && fault.isEmpty()) {
      faults.add(text.place(), "the same cache as in line " + first.line());
    }
    return fault.isPresent() ? Optional.empty() : Optional.of(url);
  }

  private static Optional<String> fault(URI url) {
    String scheme = String.valueOf(url.getScheme());
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    if (authority.contains("@")) {
      return Optional.of(
          "the URL holds credentials: take them out and replace them, for they are in the history;"
              + " they come from the environment");
    }
    return switch (scheme) {
      case "file" ->
          url.toString().startsWith("file:///")
              ? Optional.empty()
              : Optional.of("expected a folder from the root on: file:///var/cache/boards");
      case "http", "https" ->
          url.getHost() == null ? Optional.of("expected " + URL) : Optional.empty();
      case "s3" -> bucketFault(url);
      case "null" -> Optional.of("expected " + URL);
      default ->
          Optional.of(
              "caches at "
                  + Shown.plain(scheme)
                  + ": are not supported; expected file://, http://, https:// or s3://");
    };
  }

  private static Optional<String> bucketFault(URI url) {
    try {
      S3Location.parse(url);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "the URL %s; expected s3://BUCKET?region=REGION or s3://BUCKET?endpoint=HOST"
              .formatted(e.getMessage()));
    }
  }

  Optional<PublicKey> publicKey(Node.Text text) {
    String[] parts = text.value().split(":", 2);
    int length = parts.length < 2 ? -1 : decodedLength(parts[1]);
    if (length == 64) {
      faults.add(
          text.place(),
          "this is a secret key: take it out and make a new one, for it is in the history;"
              + " expected "
              + PUBLIC_KEY);
      return Optional.empty();
    }
    try {
      if (length == 32) {
        return Optional.of(new PublicKey(parts[0], parts[1]));
      }
    } catch (IllegalArgumentException e) {
      // its name has blanks or is empty: told below
    }
    faults.add(text.place(), "expected " + PUBLIC_KEY);
    return Optional.empty();
  }

  private static int decodedLength(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }
}
