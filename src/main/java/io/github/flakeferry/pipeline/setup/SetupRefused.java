package io.github.flakeferry.pipeline.setup;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.fleet.Endpoint;
import io.github.flakeferry.fleet.PolicyInvalid;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.support.FileWords;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Why nothing is written, or nothing more where somebody else writes there just now. */
final class SetupRefused extends Failure {
  private SetupRefused(FailureCode code, String problem, String advice) {
    super(code, problem, advice);
  }

  /** What somebody who is asked can answer otherwise. */
  static SetupRefused of(Failure failure) {
    return new SetupRefused(failure.code(), failure.problem(), failure.advice());
  }

  static SetupRefused badCache(String url, PolicyInvalid invalid) {
    return new SetupRefused(
        FailureCode.INPUT,
        "'%s' is no cache to publish to: %s".formatted(url, invalid.faults().getFirst().message()),
        "");
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

  static SetupRefused notShown(NamedKey named, List<Introduction.Met> met) {
    return new SetupRefused(
        FailureCode.HOST_KEY,
        met.isEmpty()
            ? "no board that was named has the host key %s".formatted(named.fingerprint())
            : "the host key that was named is %s, and nothing was written: %s"
                .formatted(
                    named.fingerprint(),
                    met.stream()
                        .map(
                            board ->
                                "%s shows %s %s"
                                    .formatted(
                                        board.endpoint(),
                                        board.key().type(),
                                        board.key().fingerprint()))
                        .collect(joining(", "))),
        met.isEmpty()
            ? "Name the board whose key it is."
            : "Somebody may be in between, or what was named is another board's, or of another kind."
                + " On the board's own console `%s` prints the right one."
                    .formatted(Introduction.printing(met.getFirst().key())));
  }

  static SetupRefused sameBoard(Endpoint one, Endpoint other) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s and %s have the same host and port".formatted(one, other),
        "Name each board once, as the user who is to deploy.");
  }

  static SetupRefused unconfirmedKey(Endpoint board, HostKey shown) {
    return new SetupRefused(
        FailureCode.HOST_KEY_NEW,
        "nobody has confirmed the host key of %s, and nothing was written".formatted(board),
        "Compare it on the board's own console, and say that it is right:"
            + " flakeferry init %s --host-key %s"
                .formatted(Words.forShell(board.toString()), shown.fingerprint()));
  }

  static SetupRefused keysInside(Path folder, Path repository) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is in %s, and private keys would come to be committed".formatted(folder, repository),
        "Name a folder outside of it with --keys.");
  }

  static SetupRefused policyOutside(Path policy, Path repository) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is not in %s, where runs read it from".formatted(policy, repository),
        "Name a file in the repository with --config, from the folder that you are in.");
  }

  static SetupRefused revokedKey(Endpoint board, HostKey shown) {
    return new SetupRefused(
        FailureCode.HOST_KEY_REVOKED,
        "%s shows a host key that your ssh is told never to trust (@revoked): %s"
            .formatted(board, shown.fingerprint()),
        "Whoever has that key can be anybody. Give the board a new one, and begin again.");
  }

  static SetupRefused strayPublicKey(Path file) {
    return new SetupRefused(
        FailureCode.INPUT,
        file + " is not the public half of the key beside it, and nothing was written",
        "Move away what is not right of the two, or name another folder with --keys.");
  }

  static SetupRefused lonePublicKey(Path file, Path secretHalf) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is there without its private half, and nothing was written".formatted(file),
        "Put that beside it as %s, or move it away, or name another folder with --keys."
            .formatted(secretHalf.getFileName()));
  }

  static SetupRefused changedMeanwhile(Path file) {
    return new SetupRefused(
        FailureCode.MACHINE_FILES,
        file + " was changed since it was looked at, and is left as it is now",
        "Begin again: what would change in it is shown anew.");
  }

  static SetupRefused keysMeanwhile(Path folder) {
    return new SetupRefused(
        FailureCode.MACHINE_FILES,
        "somebody else has made keys in %s since it was looked at, and they are left as they are"
            .formatted(folder),
        "Begin again: those that are there are taken.");
  }

  static SetupRefused notAgreed(Path file, String lines) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is there, nobody agreed to a change of it, and nothing was written".formatted(file),
        "Begin without --yes to be asked, or add this by hand, below what is there of it:\n"
            + lines);
  }

  static SetupRefused noSuchEnvironment(String name, List<String> there) {
    return new SetupRefused(
        FailureCode.INPUT,
        "the policy has no such environment '%s' for what is pushed".formatted(name),
        "It has: " + String.join(", ", there));
  }

  static SetupRefused badKey(Path file, String problem) {
    return new SetupRefused(
        FailureCode.INPUT,
        "%s is no key to go on with: %s".formatted(file, problem),
        "Name another folder with --keys, or move the file away.");
  }

  static SetupRefused unusable(Path file, IOException e) {
    return new SetupRefused(
        FailureCode.MACHINE_FILES, "%s can't be used: %s".formatted(file, FileWords.of(e)), "");
  }

  static SetupRefused notAdded(String file, String lines) {
    return new SetupRefused(
        FailureCode.INPUT,
        file + " is written in a way that can't be added to safely, and nothing was written",
        "Add this by hand, below what is there of it:\n" + lines);
  }

  static SetupRefused notAdded(String file, PolicyInvalid invalid, String lines) {
    return new SetupRefused(
        FailureCode.INPUT,
        "with what is new %s would be no good policy, and nothing was written: %s"
            .formatted(file, invalid.faults().getFirst().message()),
        "Add this by hand, and mend that:\n" + lines);
  }

  static SetupRefused noBoard(String answer) {
    return new SetupRefused(
        FailureCode.INPUT,
        answer.isEmpty()
            ? "no board was named to begin with"
            : "'%s' is no address of a board".formatted(answer),
        "Name one as ssh reaches it, such as root@unmatched-1.lan or root@[fe80::1]:2222.");
  }

  static SetupRefused noSuchConfiguration(String name, String there) {
    return new SetupRefused(
        FailureCode.CONFIGURATION,
        name.isEmpty()
            ? "no configuration of the flake was named"
            : "the flake has no configuration '%s'".formatted(name),
        there);
  }

  static SetupRefused badConfiguration(String name) {
    return new SetupRefused(
        FailureCode.INPUT,
        name.isEmpty()
            ? "no configuration was named"
            : "'%s' is no name of a configuration".formatted(name),
        "Name one of the flake's nixosConfigurations, as it stands there.");
  }

  static SetupRefused badName(String name) {
    return new SetupRefused(
        FailureCode.INPUT,
        "'%s' is no name for a board".formatted(name),
        "Letters, digits, dots, hyphens and underscores, a letter or digit first.");
  }

  static SetupRefused takenName(String name) {
    return new SetupRefused(
        FailureCode.INPUT, "another board is called '%s'".formatted(name), "Each has its own.");
  }
}
