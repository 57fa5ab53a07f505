package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.nio.file.Path;

/** Why nothing was written. */
final class SetupRefused extends Failure {
  private SetupRefused(FailureCode code, String problem, String advice) {
    super(code, problem, advice);
  }

  static SetupRefused otherKey(Endpoint board, HostKey shown) {
    return new SetupRefused(
        FailureCode.HOST_KEY,
        "%s shows another host key than your ssh knows it by: %s"
            .formatted(board, shown.fingerprint()),
        "Somebody may be in between. If the board was set up anew, compare the fingerprint on its"
            + " own console and take the old key out: ssh-keygen -R "
            + (board.port() == Endpoint.SSH
                ? board.host()
                : "'[%s]:%d'".formatted(board.host(), board.port())));
  }

  static SetupRefused unconfirmedKey(Endpoint board, HostKey shown) {
    return new SetupRefused(
        FailureCode.HOST_KEY_NEW,
        "nobody has confirmed the host key of %s, and nothing was written".formatted(board),
        "Compare it on the board's own console, and say that it is right:"
            + " flakeferry init %s --host-key %s".formatted(board, shown.fingerprint()));
  }

  static SetupRefused keysInside(Path folder, Path repository) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is in %s, and private keys would come to be committed".formatted(folder, repository),
        "Name a folder outside of it with --keys.");
  }

  static SetupRefused badKey(Path file, String problem) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is no key to go on with: %s".formatted(file, problem),
        "Name another folder with --keys, or move the file away.");
  }

  static SetupRefused unusable(Path file, IOException e) {
    return new SetupRefused(
        FailureCode.MACHINE_FILES, "%s can't be used: %s".formatted(file, e), "");
  }

  static SetupRefused noBlock(String file, String boards) {
    return new SetupRefused(
        FailureCode.INPUT,
        file + " has no line `boards:` with a block below it to add to",
        "Add this by hand:\n" + boards);
  }

  static SetupRefused noBoard() {
    return new SetupRefused(
        FailureCode.INPUT,
        "no board was named to begin with",
        "Name one as ssh reaches it: flakeferry init root@unmatched-1.lan");
  }

  static SetupRefused noSuchConfiguration(String name, String there) {
    return new SetupRefused(
        FailureCode.CONFIGURATION, "the flake has no configuration '%s'".formatted(name), there);
  }

  static SetupRefused badName(String name) {
    return new SetupRefused(
        FailureCode.INPUT,
        "'%s' is no name for a board".formatted(name),
        "Letters, digits, dots, hyphens and underscores, a letter or digit first; each board has"
            + " its own.");
  }
}
