package io.github.flakeferry.fleet;

import io.github.flakeferry.model.CacheFormat;
import io.github.flakeferry.model.Compression;
import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.PublicKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code caches:}. No message shows a URL or a key: somebody may have put a secret there. */
final class CacheReader {
  static final List<String> KEYS =
      List.of(
          "url",
          "through",
          "public-key",
          "for",
          "priority",
          "publish",
          "upstream",
          "sources",
          "compression",
          "listings",
          "logs");

  /** What a service decides by itself. */
  private static final List<String> FORMAT = List.of("compression", "listings", "logs");

  private static final String PULL_REQUESTS = "pull-requests";
  private static final Map<String, Optional<ProgramCache.Program>> PROGRAMS = programs();

  private final Faults faults;
  private final CacheValues values;

  CacheReader(CacheValues values, Faults faults) {
    this.values = values;
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
    Optional<URI> url = values.url(section);
    Optional<ProgramCache> through = through(section, url);
    Optional<Node.Text> keyText = section.text("public-key", CacheValues.PUBLIC_KEY);
    Optional<PublicKey> key = keyText.flatMap(values::publicKey);
    Audience audience = audience(section);
    OptionalInt priority = values.priority(section);
    PublishPolicy publishing = publishing(section);
    Optional<CachePolicy> cache =
        url.map(u -> new CachePolicy(u, through, key, audience, priority, publishing));
    cache.ifPresent(c -> keyText.ifPresent(text -> keys.putIfAbsent(c, text.place())));
    return cache;
  }

  private static Map<String, Optional<ProgramCache.Program>> programs() {
    var programs = new LinkedHashMap<String, Optional<ProgramCache.Program>>();
    Words.of(ProgramCache.Program.values())
        .forEach((word, program) -> programs.put(word, Optional.of(program)));
    return programs;
  }

  private Optional<ProgramCache> through(Section section, Optional<URI> url) {
    Optional<ProgramCache.Program> program = section.choice("through", PROGRAMS, Optional.empty());
    if (program.isEmpty()) {
      return Optional.empty();
    }
    section.require(
        "public-key",
        "the cache has no public-key, and what goes there through %s is signed there: expected %s"
            .formatted(program.get().command(), CacheValues.PUBLIC_KEY));
    for (String key : FORMAT) {
      section
          .find(key)
          .ifPresent(
              at ->
                  faults.add(
                      at.place(),
                      "%s is up to %s: take it out, or 'through'"
                          .formatted(key, program.get().command())));
    }
    try {
      return url.map(u -> ProgramCache.at(program.get(), u));
    } catch (IllegalArgumentException e) {
      section.find("url").ifPresent(at -> faults.add(at.place(), "the URL " + e.getMessage()));
      return Optional.empty();
    }
  }

  private PublishPolicy publishing(Section section) {
    return new PublishPolicy(
        section.choice(
            "publish", Words.of(PublishPolicy.What.values()), PublishPolicy.DEFAULT.what()),
        section.find("upstream").map(this::upstream).orElse(PublishPolicy.DEFAULT.upstream()),
        section.flag("sources", PublishPolicy.DEFAULT.sources()),
        format(section));
  }

  private static CacheFormat format(Section section) {
    return new CacheFormat(
        section.choice(
            "compression", Words.of(Compression.values()), CacheFormat.DEFAULT.compression()),
        section.flag("listings", CacheFormat.DEFAULT.listings()),
        section.flag("logs", CacheFormat.DEFAULT.logs()));
  }

  private List<PublicKey> upstream(Node node) {
    if (node instanceof Node.Items(var _, var nodes) && nodes.isEmpty()) {
      return List.of();
    }
    return Faults.oneOrMore(node).stream()
        .flatMap(item -> faults.text(item, CacheValues.PUBLIC_KEY).stream())
        .flatMap(text -> values.publicKey(text).stream())
        .toList();
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
