package io.github.flakeferry.nix.quarters;

import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The user that evaluates flakes, and those that build.
 *
 * @param uid the evaluating user
 * @param gid its group, which nobody else is in
 * @param home its folder
 * @param builders the members of Nix's group of builders
 */
public record Lodger(int uid, int gid, Path home, Set<Integer> builders) {
  /** The name of the user. */
  public static final String NAME = "flakeferry-eval";

  private static final String BUILDERS = "nixbld";
  private static final String ROOT = "0";

  // where they are those of the user that we are
  private static final List<String> NOT_ITS_OWN =
      List.of("TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "NIX_PATH");

  public Lodger {
    builders = Set.copyOf(builders);
  }

  /** This machine's; none where it has no such user, or where we are not root and can't be it. */
  public static Optional<Lodger> ofThisMachine() {
    return weAreRoot()
        ? find(lines(Path.of("/etc/passwd")), lines(Path.of("/etc/group")))
        : Optional.empty();
  }

  /** Whether this process may become any user. */
  public static boolean weAreRoot() {
    return lines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("Uid:"))
        .anyMatch(line -> line.split("\\s+")[2].equals(ROOT));
  }

  /** Finds it in the lines of {@code passwd(5)} and {@code group(5)}. */
  static Optional<Lodger> find(List<String> passwd, List<String> group) {
    Set<String> members = new HashSet<>();
    for (String line : group) {
      String[] fields = line.split(":", -1);
      if (fields.length == 4 && fields[0].equals(BUILDERS)) {
        members.addAll(List.of(fields[3].split(",", -1)));
      }
    }
    var builders = new HashSet<Integer>();
    for (String line : passwd) {
      String[] fields = line.split(":", -1);
      if (fields.length == 7 && members.contains(fields[0])) {
        builders.add(Integer.parseInt(fields[2]));
      }
    }
    return passwd.stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 7 && fields[0].equals(NAME))
        .findFirst()
        .map(
            fields ->
                new Lodger(
                    Integer.parseInt(fields[2]),
                    Integer.parseInt(fields[3]),
                    Path.of(fields[5]),
                    builders));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // not on this system
    }
  }

  /** Everybody who runs what comes from a flake. */
  private Set<Integer> everybody() {
    var all = new HashSet<>(builders);
    all.add(uid);
    return all;
  }

  /** The command as this user, which has no way back, in its own folder. */
  public Command as(Command command) {
    Command whole =
        Command.of("env")
            .and(NOT_ITS_OWN.stream().flatMap(name -> List.of("-u", name).stream()).toList())
            .and(become(uid, gid))
            .and(command.words())
            .with("HOME", home.toString())
            .with("USER", NAME)
            .in(home);
    for (var variable : command.environment().entrySet()) {
      whole = whole.with(variable.getKey(), variable.getValue());
    }
    return whole;
  }

  /** Ends all that runs as one of these users, and returns when none is left. */
  public void evict() {
    // Nix has a lock file for each builder that was ever at work
    var suspects = new HashSet<Integer>(Set.of(uid));
    builders.stream()
        .filter(builder -> Files.exists(Path.of("/nix/var/nix/userpool", builder.toString())))
        .forEach(suspects::add);
    new Eviction(everybody(), suspects).run();
  }

  /** The words before a command that is to run as another user, without any capability. */
  static List<String> become(int uid, int gid) {
    return List.of(
        "setpriv",
        "--reuid=" + uid,
        "--regid=" + gid,
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all");
  }

  /** Lets it into a folder of ours, to read what is in there. */
  public void letInto(Path folder) {
    try {
      Files.setAttribute(folder, "unix:gid", gid);
      var permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
      permissions.add(PosixFilePermission.GROUP_READ);
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
      permissions.remove(PosixFilePermission.GROUP_WRITE);
      Files.setPosixFilePermissions(folder, permissions);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " can't be opened for " + NAME, e);
    }
  }

  /** Gives it a file, which nobody else but root can read then. */
  public void give(Path file) {
    try {
      Files.setPosixFilePermissions(file, EnumSet.of(PosixFilePermission.OWNER_READ));
      Files.setAttribute(file, "unix:uid", uid);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be given to " + NAME, e);
    }
  }
}
