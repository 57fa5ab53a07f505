package io.github.flakeferry.nix;

import io.github.flakeferry.model.StorePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * What we need of a {@code .drv} file: {@code
 * Derive([outputs],[inputDrvs],[inputSrcs],"system","builder",[args],[env])} (Nix manual,
 * "Derivation ATerm format"). The file has had this form in every version of Nix, and ten thousand
 * of them are read in the time that {@code nix derivation show} takes for a few hundred.
 *
 * @param outputs what it makes, as far as that is known before it is built
 * @param system the platform that is to build it, or {@code builtin}
 * @param builder the program, or {@code builtin:…} for one that every Nix has
 */
record DerivationFile(List<Output> outputs, String system, String builder) {
  DerivationFile {
    outputs = List.copyOf(outputs);
  }

  static DerivationFile read(StorePath derivation) throws IOException {
    return parse(Files.readString(derivation.path(), StandardCharsets.ISO_8859_1));
  }

  static DerivationFile parse(String text) throws IOException {
    int start = text.indexOf('(');
    if (!text.startsWith("Derive(") && !text.startsWith("DrvWithVersion(")) {
      throw new IOException("not a derivation");
    }
    if (text.startsWith("DrvWithVersion(")) {
      start = text.indexOf(',', start); // after the version's name
    }
    var reader = new Reader(text, start + 1);
    List<Output> outputs = reader.outputs();
    reader.skipList();
    reader.skipList();
    return new DerivationFile(outputs, reader.string(), reader.string());
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text, int at) {
      this.text = text;
      this.at = at;
    }

    private char next() throws IOException {
      if (at >= text.length()) {
        throw new IOException("a derivation that ends too soon");
      }
      return text.charAt(at++);
    }

    // [("out","/nix/store/…","sha256","…"),…], and the comma after it
    List<Output> outputs() throws IOException {
      var all = new ArrayList<Output>();
      expect('[');
      while (next() == '(') {
        string();
        String path = string();
        boolean fixed = !string().isEmpty() && !path.isEmpty();
        string();
        if (!path.isEmpty()) { // else its content decides
          all.add(new Output(parsed(path), fixed));
        }
        if (text.startsWith(",", at)) {
          at++;
        }
      }
      at++;
      return all;
    }

    private static StorePath parsed(String path) throws IOException {
      try {
        return StorePath.parse(path);
      } catch (IllegalArgumentException e) {
        throw new IOException("an output that is no store path", e);
      }
    }

    private void expect(char wanted) throws IOException {
      if (next() != wanted) {
        throw new IOException("'" + wanted + "' was expected");
      }
    }

    // "…", and the comma after it
    String string() throws IOException {
      expect('"');
      var value = new StringBuilder();
      for (char c = next(); c != '"'; c = next()) {
        value.append(c == '\\' ? next() : c);
      }
      at++;
      return value.toString();
    }

    // […], with lists and tuples inside, and the comma after it
    void skipList() throws IOException {
      int depth = 0;
      do {
        switch (next()) {
          case '[', '(' -> depth++;
          case ']', ')' -> depth--;
          case '"' -> {
            for (char c = next(); c != '"'; c = next()) {
              if (c == '\\') {
                at++;
              }
            }
          }
          default -> {}
        }
      } while (depth > 0);
      at++;
    }
  }
}
