package io.github.flakeferry.fleet;

import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.S3Location;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code caches:}. No message shows a URL or a key: somebody may have put a secret there. */
final class CacheReader {
  static final List<String> KEYS = List.of("url", "public-key", "for");

  private static final String URL =
      "a URL such as file:///var/cache/boards or https://cache.example.org";
  private static final String PUBLIC_KEY = "a public key such as cache-1:…= (44 characters)";
  private static final String PULL_REQUESTS = "pull-requests";

  private final Faults faults;
  private final Map<URI, Place> urls = new HashMap<>();

  CacheReader(Faults faults) {
    this.faults = faults;
  }

  List<CachePolicy> read(Node node) {
    if (!(node instanceof Node.Items(var _, var nodes))) {
      faults.wrongType(node, "a list of caches");
      return List.of();
    }
    var caches = new ArrayList<CachePolicy>();
    Map<CachePolicy, Place> keys = new HashMap<>();
    for (Node item : nodes) {
      Section.of(item.place(), item, "a cache", KEYS, faults)
          .flatMap(section -> cache(section, keys))
          .ifPresent(caches::add);
    }
    oneKeyEach(caches, keys);
    return caches;
  }

  private Optional<CachePolicy> cache(Section section, Map<CachePolicy, Place> keys) {
    Optional<URI> url =
        section
            .require("url", "the cache has no url: expected " + URL)
            .flatMap(node -> faults.text(node, URL))
            .flatMap(this::url);
    Optional<Node.Text> keyText = section.text("public-key", PUBLIC_KEY);
    Optional<PublicKey> key = keyText.flatMap(this::publicKey);
    Audience audience = audience(section);
    Optional<CachePolicy> cache = url.map(u -> new CachePolicy(u, key, audience));
    cache.ifPresent(c -> keyText.ifPresent(text -> keys.putIfAbsent(c, text.place())));
    return cache;
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

  private Optional<PublicKey> publicKey(Node.Text text) {
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

  private Audience audience(Section section) {
    Optional<Node.Text> text = section.text("for", PULL_REQUESTS);
    if (text.isPresent() && !text.get().value().equals(PULL_REQUESTS)) {
      faults.wrongType(text.get(), PULL_REQUESTS + ", or no 'for' for everything else");
    }
    return text.isPresent() ? Audience.PULL_REQUESTS : Audience.TRUSTED;
  }

  // what a pull request built must not be signed by a key that production trusts
  private void oneKeyEach(List<CachePolicy> caches, Map<CachePolicy, Place> places) {
    for (CachePolicy preview : caches) {
      boolean shared =
          preview.audience() == Audience.PULL_REQUESTS
              && preview.publicKey().isPresent()
              && caches.stream()
                  .anyMatch(
                      c ->
                          c.audience() == Audience.TRUSTED
                              && c.publicKey()
                                  .map(PublicKey::base64)
                                  .equals(preview.publicKey().map(PublicKey::base64)));
      Place place = places.get(preview);
      if (shared && place != null) {
        faults.add(
            place,
            "the key of another cache: pull requests need one that production doesn't trust");
      }
    }
  }
}
