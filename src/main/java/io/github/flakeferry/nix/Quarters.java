package io.github.flakeferry.nix;

import io.github.flakeferry.nix.quarters.Daemon;
import io.github.flakeferry.nix.quarters.HostStore;
import io.github.flakeferry.nix.quarters.Lodger;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where the code of flakes is evaluated: in the image by a user of its own, as a client that Nix's
 * daemon does not trust; elsewhere as it always was, by the user that we are.
 */
final class Quarters {
  private static final Optional<Lodger> LODGER = Lodger.ofThisMachine();
  private static final Optional<UserSettings> ITS_SETTINGS =
      LODGER.map(lodger -> UserSettings.of(System.getenv(), lodger));
  private static final HostStore HOST = HostStore.ofThisMachine(System.getenv());

  private final NixProgram program;

  Quarters(NixProgram program) {
    this.program = program;
  }

  /** Whether code of flakes is evaluated by a user of its own. */
  static boolean areThere() {
    return LODGER.isPresent();
  }

  /** Whether code of flakes runs as root, for want of another user. */
  static boolean areRoots() {
    return LODGER.isEmpty() && Lodger.weAreRoot();
  }

  /** Which store others use as well, in words, where that is known. */
  static Optional<String> sharedStore() {
    return LODGER.flatMap(_ -> HOST.inWords());
  }

  /** The daemon outside that all commands are to use, where one was given to the image. */
  static Optional<String> remote() {
    return LODGER.flatMap(_ -> HOST.remote());
  }

  /**
   * Runs {@code nix <words>} to its end, and ends all that it leaves behind.
   *
   * @param words evaluate something of this flake
   */
  NixProgram.Answer evaluate(Flake flake, List<String> words) {
    if (LODGER.isEmpty()) {
      return program.run(program.nix().and(words));
    }
    Lodger lodger = LODGER.get();
    lodger.letInto(flake.checkout());
    Command command = lodger.as(ITS_SETTINGS.orElseThrow().given(program.client().and(words)));
    try {
      if (HOST.remote().isPresent()) {
        return program.run(command.with("NIX_REMOTE", HOST.remote().get()));
      }
      try (var daemon = Daemon.start(lodger, program.daemon())) {
        return program.run(
            command
                .with("NIX_REMOTE", "daemon")
                .with("NIX_DAEMON_SOCKET_PATH", daemon.socket().toString()));
      } catch (IOException e) {
        throw NixProgram.translated("nix-daemon", e);
      }
    } finally {
      lodger.evict();
    }
  }

  /** Ends all that builds have left behind; to be done before a board is reached. */
  static void clear() {
    LODGER.ifPresent(Lodger::evict);
  }
}
