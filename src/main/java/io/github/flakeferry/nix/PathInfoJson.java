package io.github.flakeferry.nix;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PathSignature;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code nix path-info --json}. Up to 2.18 it is an array of objects with {@code path}, since
 * 2.19 an object with the paths as its keys, where {@code null} stands for a path that the store
 * has not.
 */
final class PathInfoJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private PathInfoJson() {}

  /**
   * A path of the store.
   *
   * @param builtHere whether it was built by this store, and not fetched or imported
   */
  record Known(PathInfo info, boolean builtHere) {}

  /**
   * @throws IllegalArgumentException if it is neither, or a path is not valid
   */
  static List<Known> parse(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    var infos = new ArrayList<Known>();
    if (root.isArray()) {
      root.values().forEach(node -> infos.add(info(node.path("path").asString(), node)));
    } else {
      root.properties().forEach(entry -> infos.add(info(entry.getKey(), entry.getValue())));
    }
    return List.copyOf(infos);
  }

  private static Known info(String path, JsonNode node) {
    if (!node.has("narHash")) {
      throw new IllegalArgumentException("the store does not have " + path);
    }
    var references = new TreeSet<StorePath>();
    node.path("references").values().forEach(r -> references.add(StorePath.parse(r.asString())));
    var info =
        new PathInfo(
            StorePath.parse(path),
            Sha256.parse(node.path("narHash").asString()),
            node.path("narSize").asLong(),
            references,
            node.path("deriver")
                .stringValueOpt()
                .filter(d -> d.endsWith(".drv")) // "unknown-deriver" stands for none
                .map(StorePath::parse),
            node.path("ca").stringValueOpt().filter(ca -> !ca.isEmpty()),
            node.path("signatures").values().stream()
                .map(s -> PathSignature.parse(s.asString()))
                .toList());
    return new Known(info, node.path("ultimate").asBoolean(false));
  }
}
