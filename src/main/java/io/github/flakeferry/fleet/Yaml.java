package io.github.flakeferry.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML 1.2 into nodes with places. Anchors, aliases and YAML's own tags are faults: without
 * them a small file can't become a big value.
 */
final class Yaml {
  private static final int MOST_CHARACTERS = 1 << 20;

  private final YAMLParser parser;
  private final List<String> lines;
  private final Faults faults;

  private Yaml(YAMLParser parser, String text, Faults faults) {
    this.parser = parser;
    this.lines = List.of(text.split("\r\n|\r|\n", -1));
    this.faults = faults;
  }

  /** The file's value; absent where a fault says why there is none. */
  static Optional<Node> read(String text, Faults faults) {
    if (text.length() > MOST_CHARACTERS) {
      faults.add(Place.START, "the file is larger than 1 MiB");
      return Optional.empty();
    }
    // a byte order mark is no part of the first line
    String content = text.startsWith("\ufeff") ? text.substring(1) : text;
    try (var parser =
        (YAMLParser) new YAMLFactory().createParser(ObjectReadContext.empty(), content)) {
      return new Yaml(parser, content, faults).document();
    } catch (JacksonException e) {
      YamlError error = YamlError.of(e, content);
      faults.add(error.place(), error.message());
      return Optional.empty();
    }
  }

  private Optional<Node> document() {
    JsonToken first = parser.nextToken();
    if (first == null) {
      faults.add(Place.START, "the file is empty: expected 'boards:' and the like");
      return Optional.empty();
    }
    Node root = node(first);
    if (parser.nextToken() != null) {
      faults.add(place(), "a second document: expected only one in the file");
    }
    return Optional.of(root);
  }

  private Node node(JsonToken token) {
    Place place = place();
    if (parser.isCurrentAlias()) {
      faults.add(
          place,
          "'*' begins an alias, which is not read here: write the value out, or quote the text");
      return new Node.Broken(place);
    }
    boolean refused = refused(place);
    Node node =
        switch (token) {
          case START_OBJECT -> fields(place);
          case START_ARRAY -> items(place);
          case VALUE_NULL -> new Node.Nothing(place);
          case VALUE_TRUE -> new Node.Flag(place, true);
          case VALUE_FALSE -> new Node.Flag(place, false);
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              new Node.Numeral(place, parser.getString(), whole());
          case VALUE_STRING -> text(place);
          case PROPERTY_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
              throw new IllegalStateException("the YAML parser gave " + token);
        };
    return refused ? new Node.Broken(place) : node;
  }

  // what else can stand before a value
  private boolean refused(Place place) {
    String tag = parser.getRawTag();
    if (tag != null && !tag.startsWith("tag:yaml.org,2002:")) {
      faults.add(place, "'!' begins a tag of YAML's: put quotes around a text that begins with it");
      return true;
    }
    if (parser.getObjectId() != null) {
      faults.add(
          place, "'&' begins an anchor, which is not read here: take it out, or quote the text");
      return true;
    }
    return false;
  }

  private Node fields(Place place) {
    var entries = new ArrayList<Node.Entry>();
    Map<String, Place> seen = new HashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Place keyPlace = place();
      String key = parser.getString();
      boolean alias = parser.isCurrentAlias();
      Node value = node(parser.nextToken());
      Place first = seen.putIfAbsent(key, keyPlace);
      if (alias) {
        faults.add(keyPlace, "'*' begins an alias, which is not read here: write the key out");
      } else if (first != null) {
        faults.add(
            keyPlace,
            Shown.quoted(key) + " is given twice, the first time in line " + first.line());
      } else {
        entries.add(new Node.Entry(keyPlace, key, value));
      }
    }
    return new Node.Fields(place, List.copyOf(entries));
  }

  private Node items(Place place) {
    var nodes = new ArrayList<Node>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      nodes.add(node(t));
    }
    return new Node.Items(place, List.copyOf(nodes));
  }

  private OptionalInt whole() {
    return parser.getNumberType() == JsonParser.NumberType.INT
        ? OptionalInt.of(parser.getIntValue())
        : OptionalInt.empty();
  }

  private Node text(Place place) {
    String value = parser.getString();
    Optional<Place> verbatim =
        standsAt(place, value)
            ? Optional.of(place)
            : Optional.of(place.right(1)).filter(inside -> standsAt(inside, value));
    return new Node.Text(place, value, verbatim);
  }

  private boolean standsAt(Place place, String value) {
    if (place.line() > lines.size()) {
      return false;
    }
    String line = lines.get(place.line() - 1);
    return place.column() - 1 <= line.codePointCount(0, line.length())
        && line.startsWith(value, line.offsetByCodePoints(0, place.column() - 1));
  }

  private Place place() {
    TokenStreamLocation location = parser.currentTokenLocation();
    return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
