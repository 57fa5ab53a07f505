package io.github.flakeferry.nix;

import io.github.flakeferry.nix.NixSettings.Logins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Nix said when it failed, made readable. Nix 2.8 prints the error and then its position;
 * later versions print a trace with positions and the error last.
 *
 * @param message the last error, without its position; empty if there is none
 * @param location {@code file:line:column}, the last one before the error, or of it
 * @param lines all of it, without colours and without the store's prefix of sources
 */
record NixError(String message, Optional<String> location, List<String> lines) {
  private static final int LONGEST_MESSAGE = 12;
  private static final Pattern COLOURS =
      Pattern.compile(
          "\\x1b\\[[0-9;?]*[A-Za-z]|\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|[\\r\\x07]");
  private static final Pattern SOURCE =
      Pattern.compile("/nix/store/[0-9a-z]{32}-source/|«[^»]*»/(?=\\S)");
  private static final Pattern POSITION = Pattern.compile("^at (\\S.*:\\d+:\\d+):?$");
  private static final Pattern PLACE = Pattern.compile("(.+):(\\d{1,9}):(\\d{1,9})");
  private static final Pattern EXCERPT = Pattern.compile("^\\d*\\|.*");

  private static final Pattern MISFITS =
      Pattern.compile(
          "lock file changes|modified lock file|cannot update (unlocked |mutable )?(flake )?input");
  private static final Pattern LACKS_LOCK = Pattern.compile("unlocked (flake )?input|mutable lock");
  private static final Pattern DENIED =
      Pattern.compile("unable to (download|open) .*HTTP error 40[134]");
  private static final List<Known> KNOWN =
      List.of(
          Known.of(
              "build-users-group",
              "Nix as root wants users to build as: make the group nixbld with some members, or put"
                  + " `build-users-group =` (an empty value) into nix.conf."),
          new Known(
              MISFITS,
              "The lock file does not fit flake.nix: run `nix flake lock` and commit flake.lock."),
          new Known(
              LACKS_LOCK,
              "An input has to be locked to a commit or to a hash of its content, and not to a"
                  + " folder of some machine: correct it in flake.nix, run `nix flake lock` and"
                  + " commit flake.lock."),
          Known.of(
              "has unsupported parameter 'dir'",
              "This version of Nix takes no flake out of a folder where the repository has"
                  + " submodules: use a newer one, or put the flake at the root."),
          Known.of(
              "Permission denied \\(publickey|Host key verification failed",
              "An input is fetched by SSH, for which no key is let in or no host key is known here:"
                  + " by hand a key in the SSH agent does, and known_hosts; in CI name it by https or"
                  + " as github:OWNER/NAME, with `access-tokens` in the variable NIX_CONFIG."),
          Known.of(
              "not owned by current user|dubious ownership",
              "The checkout belongs to another user: check out as the user that runs this."),
          Known.of(
              "executing 'git'|'git': No such file",
              "This version of Nix needs the git program: install git."),
          Known.of(
              "No space left on device|disk is full",
              "The disk is full: `nix-collect-garbage` frees what nothing needs."),
          Known.of(
              "is required to build '|required system or feature not available",
              "Evaluating it builds something first (import from derivation), which neither this"
                  + " machine nor its remote builders can: they lack the platform or a feature."
                  + " `emulate: true` in the policy lets an emulator do it, where there is one."),
          Known.of(
              "unable to download|Could not resolve host",
              "A download failed: look at the network, at proxies and at the input's address."));

  NixError {
    lines = List.copyOf(lines);
  }

  static NixError of(List<String> said) {
    return of(said, Path.of("/nonexistent"));
  }

  /**
   * @param checkout the flake's own folder: a position in it tells more than one in a library
   */
  static NixError of(List<String> said, Path checkout) {
    List<String> lines = said.stream().map(NixError::readable).filter(NixError::tells).toList();
    int error = -1;
    var positions = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("error:")) {
        error = i;
      }
      Matcher position = POSITION.matcher(line);
      if (position.matches() && !position.group(1).startsWith("«")) {
        positions.add(position.group(1));
      }
    }
    return new NixError(
        error < 0 ? "" : messageFrom(lines, error), best(positions, checkout), lines);
  }

  private static String messageFrom(List<String> lines, int error) {
    var message = new ArrayList<String>();
    message.add(lines.get(error).strip().substring("error:".length()).strip());
    for (String line : lines.subList(error + 1, lines.size())) {
      String text = line.strip();
      if (POSITION.matcher(text).matches() || text.startsWith("… ")) {
        break;
      }
      if (!text.isEmpty() && !EXCERPT.matcher(text).matches()) {
        message.add(text);
      }
    }
    message.removeIf(String::isEmpty);
    boolean cut = message.size() > LONGEST_MESSAGE;
    String text = String.join("\n", cut ? message.subList(0, LONGEST_MESSAGE) : message);
    return cut ? text + "\n…" : text;
  }

  private static Optional<String> best(List<String> positions, Path checkout) {
    var own = positions.stream().filter(p -> isOwn(p, checkout)).toList();
    var best = own.isEmpty() ? positions : own;
    return best.isEmpty() ? Optional.empty() : Optional.of(best.getLast());
  }

  private static boolean isOwn(String position, Path checkout) {
    return !position.startsWith("/")
        && Files.isRegularFile(checkout.resolve(position.replaceFirst(":\\d+:\\d+$", "")));
  }

  /** The location, if it is in the flake's own folder. */
  Optional<EvaluationFailed.Position> position(Path checkout) {
    return location
        .filter(place -> isOwn(place, checkout))
        .map(PLACE::matcher)
        .filter(Matcher::matches)
        .map(
            place ->
                new EvaluationFailed.Position(
                    place.group(1),
                    Integer.parseInt(place.group(2)),
                    Integer.parseInt(place.group(3))));
  }

  /** Without colours and control characters, and with the names of sources as in the checkout. */
  static String readable(String line) {
    return SOURCE.matcher(COLOURS.matcher(line).replaceAll("")).replaceAll("");
  }

  private static boolean tells(String line) {
    return !line.startsWith("warning: the group 'nixbld'")
        && !line.startsWith("(use '--show-trace'")
        && !line.startsWith("warning: '--json' without");
  }

  /** Whether an input is not locked, or otherwise than it should be. */
  boolean isOfLocks() {
    return has(MISFITS) || has(LACKS_LOCK);
  }

  private boolean has(Pattern pattern) {
    return pattern.matcher(message).find() || pattern.matcher(besides()).find();
  }

  // what was only warned of, such as a download that was tried again, is not what failed
  private String besides() {
    return lines.stream()
        .filter(line -> !line.startsWith("warning:"))
        .collect(Collectors.joining("\n"));
  }

  /**
   * What to do about an error that many machines have; else empty.
   *
   * @param logins what of the user's Nix had
   */
  String advice(Logins logins) {
    if (!DENIED.matcher(message).find()) {
      return advice();
    }
    return logins != Logins.NONE
        ? "Where it is private, Nix needs a token that opens it: `access-tokens` in the variable"
            + " NIX_CONFIG. Where it is not, look at its address: it may have moved or be gone."
        : "The commit may be anybody's: its inputs are fetched without the tokens and logins of"
            + " NIX_CONFIG and nix.conf, and have to be public.";
  }

  /** The same where no flake's inputs are fetched. */
  String advice() {
    return known(message).or(() -> known(besides())).orElse("");
  }

  private static Optional<String> known(String said) {
    return KNOWN.stream()
        .filter(known -> known.by().matcher(said).find())
        .map(Known::advice)
        .findFirst();
  }

  /** An error that many machines have, and what to do about it. */
  private record Known(Pattern by, String advice) {
    static Known of(String by, String advice) {
      return new Known(Pattern.compile(by), advice);
    }
  }
}
