package io.github.flakeferry.board;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * {@code flakeferry-board}: the one script that does everything on a board that needs root. Root is
 * sent it; other users have it installed by the board's configuration and start it by sudo, which
 * lets them do nothing else.
 */
public final class BoardScript {
  /** What facts must say: a script that was installed may be of another version than this. */
  static final int PROTOCOL = 3;

  /** Where a board's configuration puts it. */
  public static final String INSTALLED = "/run/current-system/sw/bin/flakeferry-board";

  private static final List<String> PARTS =
      List.of(
          "base",
          "facts",
          "start",
          "lease",
          "supervise",
          "oneshot",
          "rehearse",
          "collect",
          "logs",
          "main");
  private static final String TEXT = joined(PARTS);

  /** How a call ends that found no script on the board. */
  static final int ABSENT = 113;

  /** Tells whether a run has begun, and so has the script whole, before it is used. */
  private static final String BY_THE_COPY =
      """
      run=/nix/var/flakeferry/runs/$2
      if [ -L "/nix/var/nix/gcroots/flakeferry/$2-new" ] || [ -s "$run/state" ]; then
        exec /bin/sh "$run/supervisor.sh" "$@"
      fi
      exit %d
      """
          .formatted(ABSENT);

  /** What only looks is sent without the rest: as much as goes without waiting for the board. */
  private static final String LOOKING = joined(List.of("base", "facts", "main"));

  private BoardScript() {}

  /** The whole script, in POSIX sh. */
  public static String text() {
    return TEXT;
  }

  /**
   * One use of it.
   *
   * @param arguments of any text; none may be a secret: other users of the board see them
   */
  record Call(String verb, List<String> arguments) {
    Call(String verb, String... arguments) {
      this(verb, List.of(arguments));
    }

    private String words() {
      return verb
          + arguments.stream().map(a -> " " + Scripts.quoted(a)).collect(Collectors.joining());
    }

    /** Whether it is about a run that the board knows by now, and that has the script itself. */
    boolean isOfARun() {
      return switch (verb) {
        case "follow", "acknowledge", "revoke" -> true;
        default -> false;
      };
    }

    /**
     * A line for any login shell that needs nothing sent, on a slow link: it has the run's own copy
     * answer, or an installed script, and ends with {@link #ABSENT} where there is neither.
     */
    String byTheRun(String user) {
      String copy = "/bin/sh -c %s - \"$@\"".formatted(Scripts.quoted(BY_THE_COPY));
      return line(user.equals("root") ? "exec " + copy : installedOr("sudo -n " + copy));
    }

    /** A line for any login shell; what an installed script does not answer reads {@link #sent}. */
    String commandLine(String user) {
      if (user.equals("root")) {
        return "/bin/sh -s";
      }
      // facts are told to everybody, as far as one may see them
      String otherwise = verb.equals("facts") ? "/bin/sh -s" : "sudo -n /bin/sh -s";
      return line(installedOr(otherwise));
    }

    private static String installedOr(String otherwise) {
      return "PATH=/run/wrappers/bin:$PATH; if [ -x %s ]; then exec sudo -n %s \"$@\"; fi; exec %s"
          .formatted(INSTALLED, INSTALLED, otherwise);
    }

    private String line(String script) {
      return "/bin/sh -c " + Scripts.quoted(script) + " - " + words();
    }

    /** A line for any login shell that has the script in it: for verbs that only look. */
    String inOneLine() {
      return line("%s | /bin/sh -s - \"$@\"".formatted(unpacking(Packed.LOOKING)));
    }

    /** What goes to a shell's standard input, to run the script without a file. */
    String sent() {
      boolean looks = verb.equals("facts") || verb.equals("closure");
      return "script=$(%s)\nset -- %s\neval \"$script\"\n"
          .formatted(unpacking(looks ? Packed.LOOKING : Packed.TEXT), words());
    }

    private static String unpacking(String packed) {
      return "PATH=/run/current-system/sw/bin:$PATH:/usr/bin:/bin; printf %%s %s | base64 -d | gzip -dc"
          .formatted(packed);
    }
  }

  /** Nothing that means anything to a shell, and a third as long. */
  private static final class Packed {
    private static final String TEXT = pack(BoardScript.TEXT);
    private static final String LOOKING = pack(BoardScript.LOOKING);

    private static String pack(String text) {
      var bytes = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(bytes)) {
        gzip.write(text.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
  }

  private static String joined(List<String> parts) {
    return parts.stream()
        .map(name -> Scripts.resource("script/" + name))
        .collect(Collectors.joining());
  }
}
