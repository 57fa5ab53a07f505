package io.github.flakeferry;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.process.Exit;
import io.github.flakeferry.support.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A shell in a world of the pages, of somebody with a home and a host table of their own: {@code
 * flakeferry} is in the PATH, and {@code bash} reads what is typed.
 *
 * @param folder where its files lie, of this shell alone
 * @param flake the working copy that it begins in
 * @param newFlake one without a policy, for whoever begins one
 * @param answers what is typed where something is asked
 */
record PagesShell(Path folder, Path flake, Path newFlake, String answers) {
  /** Builds have a sandbox, and find in it the compilers of this machine. */
  private static final String NIX_CONFIG =
      """
      experimental-features = nix-command flakes
      sandbox = true
      extra-sandbox-paths = /bin /etc/alternatives /lib /lib64 /usr
      build-users-group =
      substituters =
      """;

  private static final Path CLONE = Path.of("").toAbsolutePath();
  private static final Pattern OF_CLONE = Pattern.compile("(\\./|\\$PWD/)flakeferry");
  private static final Pattern BEGINS = Pattern.compile("flakeferry init (?!--board-module)");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** What became of a command. */
  record Ended(int exitCode, String output, String errors) {}

  Path home() {
    return folder.resolve("home");
  }

  /** The boards' host keys, for an {@code ssh} that is told where they are. */
  Path knownHosts() {
    return folder.resolve("known_hosts");
  }

  Path hosts() {
    return folder.resolve("hosts");
  }

  /**
   * Types commands, one after another. What is started as a file of the project's clone is started
   * there, a policy is begun in the flake that has none, and a repository in a new folder, where
   * the commands after it stay.
   *
   * @return what became of each
   */
  List<Ended> type(List<String> commands) throws IOException {
    Path program = Files.createDirectories(folder.resolve("bin")).resolve("flakeferry");
    Files.createSymbolicLink(program, CLONE.resolve("flakeferry"));
    Path script = Files.writeString(folder.resolve("script"), script(commands));
    Finished finished =
        Command.of("unshare", "--mount", "--propagation", "private", "bash", script.toString())
            .with("HOME", home().toString())
            .with("PATH", home() + "/.local/bin:" + program.getParent() + ":" + machinesPath())
            .with("NIX_CONFIG", NIX_CONFIG)
            // ssh asks the machine where home is
            .with(
                "NIX_SSHOPTS",
                "-i %s/.ssh/boards -o UserKnownHostsFile=%s".formatted(home(), knownHosts()))
            // as in BuiltProgram; Java says so on the standard error
            .with(
                "JDK_JAVA_OPTIONS",
                "-XX:TieredStopAtLevel=1 " + String.join(" ", BuiltProgram.trained()))
            .with("GIT_EDITOR", "echo Begin >")
            .with("FLAKEFERRY_JAVA", System.getProperty("java.home") + "/bin/java")
            .within(LONGEST)
            .run();
    var ended = new ArrayList<Ended>();
    for (int i = 0; i < commands.size(); i++) {
      if (Files.notExists(file(i, "exit"))) {
        throw new AssertionError(
            "%s came to no end: %s%n%s"
                .formatted(commands.get(i), finished.exit(), finished.lastErrorLines()));
      }
      ended.add(
          new Ended(
              Integer.parseInt(Files.readString(file(i, "exit")).strip()),
              Files.readString(file(i, "out")),
              Files.readString(file(i, "err"))));
    }
    if (!finished.exit().equals(new Exit.Code(0))) {
      throw new AssertionError(finished.lastErrorLines().toString());
    }
    return ended;
  }

  private static String machinesPath() {
    return System.getenv("PATH");
  }

  private Path file(int command, String kind) {
    return folder.resolve(command + "." + kind);
  }

  private String script(List<String> commands) throws IOException {
    var script = new StringBuilder();
    script.append("mount --bind %s /etc/hosts || exit\n".formatted(hosts()));
    script.append("cd %s\n".formatted(flake));
    for (int i = 0; i < commands.size(); i++) {
      String command = commands.get(i);
      boolean begins = BEGINS.matcher(command).find();
      boolean ofClone = OF_CLONE.matcher(command).find();
      Files.writeString(file(i, "typed"), command);
      Files.writeString(file(i, "in"), begins ? answers : "");
      if (command.startsWith("git init")) {
        Path empty = Files.createDirectory(folder.resolve("new-" + i));
        Files.createFile(empty.resolve("flake.nix"));
        script.append("cd %s\n".formatted(empty));
      }
      if (begins || ofClone) {
        script.append("cd %s\n".formatted(begins ? newFlake : CLONE));
      }
      script.append(
          "eval \"$(cat %1$s.typed)\" <%1$s.in >%1$s.out 2>%1$s.err; echo $? >%1$s.code\n"
              .formatted(folder.resolve(String.valueOf(i))));
      // only when it is whole
      script.append("mv %1$s.code %1$s.exit\n".formatted(folder.resolve(String.valueOf(i))));
      if (ofClone) {
        script.append("cd \"$OLDPWD\"\n");
      }
    }
    return script.toString();
  }
}
