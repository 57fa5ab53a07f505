package io.github.flakeferry.nix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Orders versions as {@code builtins.compareVersions} does (Nix manual, "nix-env --upgrade"): parts
 * end at dots, hyphens and between digits and letters; numbers by value, {@code pre} before
 * nothing, nothing before a number, letters before a number.
 */
final class PackageVersions {
  static final Comparator<String> ORDER = PackageVersions::compare;

  private PackageVersions() {}

  static int compare(String a, String b) {
    List<String> left = parts(a);
    List<String> right = parts(b);
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String l = i < left.size() ? left.get(i) : "";
      String r = i < right.size() ? right.get(i) : "";
      if (isLess(l, r)) {
        return -1;
      }
      if (isLess(r, l)) {
        return 1;
      }
    }
    return 0;
  }

  private static boolean isLess(String a, String b) {
    boolean aNumber = isNumber(a);
    boolean bNumber = isNumber(b);
    if (aNumber && bNumber) {
      return new java.math.BigInteger(a).compareTo(new java.math.BigInteger(b)) < 0;
    }
    if (a.isEmpty() && bNumber) {
      return true;
    }
    if (a.equals("pre")) {
      return !b.equals("pre");
    }
    if (b.equals("pre")) {
      return false;
    }
    // a number follows all letters
    return bNumber || (!aNumber && a.compareTo(b) < 0);
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && isDigit(part.charAt(0));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static List<String> parts(String version) {
    var parts = new ArrayList<String>();
    int i = 0;
    while (i < version.length()) {
      if (version.charAt(i) == '.' || version.charAt(i) == '-') {
        i++;
        continue;
      }
      int start = i;
      boolean digits = isDigit(version.charAt(i));
      while (i < version.length()
          && version.charAt(i) != '.'
          && version.charAt(i) != '-'
          && isDigit(version.charAt(i)) == digits) {
        i++;
      }
      parts.add(version.substring(start, i));
    }
    return parts;
  }
}
