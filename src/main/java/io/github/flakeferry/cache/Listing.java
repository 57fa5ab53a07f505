package io.github.flakeferry.cache;

import io.github.flakeferry.model.StorePath;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes a NAR and makes the file {@code <hash>.ls} of it: what is in the path, and where in the NAR
 * (Nix: libstore/binary-cache-store.cc, {@code write-nar-listing}; version 1). No file's content is
 * held in memory.
 */
final class Listing extends OutputStream {
  private static final JsonMapper JSON = JsonMapper.shared();

  // names and targets of links are much shorter
  private static final long LONGEST_WORD = 1 << 16;

  private enum Expected {
    MAGIC,
    NODE,
    WORD,
    TYPE,
    TARGET,
    MARK,
    CONTENTS,
    ENTRY,
    NAME
  }

  private enum Part {
    LENGTH,
    STRING,
    SKIPPED
  }

  /** How many objects of the JSON end with what is in brackets in the NAR. */
  private final Deque<Integer> open = new ArrayDeque<>();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json = JSON.createGenerator(text);
  private final ByteArrayOutputStream string = new ByteArrayOutputStream();
  private Expected expected = Expected.MAGIC;
  private Part part = Part.LENGTH;
  private int digits;
  private long length;
  private long left;
  private long offset;
  private boolean impossible;

  Listing() {
    json.writeStartObject();
    json.writeNumberProperty("version", 1);
    json.writeName("root");
  }

  /** The name in a cache of the listing of this path. */
  static String fileName(StorePath path) {
    return path.hash() + ".ls";
  }

  /**
   * What was listed; absent where JSON can't say it, since a name or a target is not UTF-8, and
   * where it was no NAR.
   */
  Optional<String> text() {
    boolean ended = expected == Expected.WORD && part == Part.LENGTH && digits == 0;
    if (impossible || !ended || !open.isEmpty()) {
      return Optional.empty();
    }
    json.writeEndObject();
    json.close();
    return Optional.of(text.toString());
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int at = from;
    int end = from + count;
    while (at < end && !impossible) {
      int taken = 1;
      if (part == Part.LENGTH) {
        length |= (bytes[at] & 0xffL) << (8 * digits++); // little-endian
      } else {
        taken = (int) Math.min(left, end - at);
        if (part == Part.STRING) {
          string.write(bytes, at, taken);
        }
        left -= taken;
      }
      at += taken;
      offset += taken;
      settle();
    }
  }

  private void settle() {
    if (part == Part.LENGTH && digits == Long.BYTES) {
      begin();
    }
    if (part == Part.STRING && left == 0) {
      take();
      part = Part.SKIPPED;
      left = padding();
    }
    if (part == Part.SKIPPED && left == 0) {
      part = Part.LENGTH;
      digits = 0;
      length = 0;
    }
  }

  private void begin() {
    if (expected == Expected.CONTENTS) {
      json.writeNumberProperty("size", length);
      json.writeNumberProperty("narOffset", offset);
      expected = Expected.WORD;
      part = Part.SKIPPED;
      left = length + padding();
    } else {
      impossible = length < 0 || length > LONGEST_WORD;
      part = Part.STRING;
      left = length;
      string.reset();
    }
  }

  private long padding() {
    return -length & 7;
  }

  private void take() {
    String word;
    try {
      word =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(string.toByteArray()))
              .toString();
    } catch (CharacterCodingException e) {
      impossible = true;
      return;
    }
    expected =
        switch (expected) {
          case MAGIC -> Expected.NODE;
          case NODE -> node();
          case WORD -> after(word);
          case TYPE -> type(word);
          case TARGET -> {
            json.writeStringProperty("target", word);
            yield Expected.WORD;
          }
          case MARK -> {
            json.writeBooleanProperty("executable", true);
            yield Expected.WORD;
          }
          case ENTRY -> {
            open.push(0);
            yield Expected.WORD;
          }
          case NAME -> {
            json.writeName(word);
            yield Expected.WORD;
          }
          case CONTENTS -> throw new IllegalStateException("contents are no word");
        };
  }

  private Expected node() {
    json.writeStartObject();
    open.push(1);
    return Expected.WORD;
  }

  private Expected type(String word) {
    json.writeStringProperty("type", word);
    if (word.equals("directory")) {
      json.writeObjectPropertyStart("entries");
      open.push(open.pop() + 1);
    }
    return Expected.WORD;
  }

  private Expected after(String word) {
    return switch (word) {
      case "type" -> Expected.TYPE;
      case "executable" -> Expected.MARK;
      case "contents" -> Expected.CONTENTS;
      case "target" -> Expected.TARGET;
      case "entry" -> Expected.ENTRY;
      case "name" -> Expected.NAME;
      case "node" -> Expected.NODE;
      case ")" -> open.isEmpty() ? other() : bracket();
      default -> other();
    };
  }

  private Expected other() {
    impossible = true;
    return Expected.WORD;
  }

  private Expected bracket() {
    for (int objects = open.pop(); objects > 0; objects--) {
      json.writeEndObject();
    }
    return Expected.WORD;
  }
}
