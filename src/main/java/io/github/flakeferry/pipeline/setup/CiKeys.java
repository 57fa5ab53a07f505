package io.github.flakeferry.pipeline.setup;

import io.github.flakeferry.board.NewLogin;
import io.github.flakeferry.board.PublicHalf;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.support.PrivateFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What runs log in and sign with, in files that only their owner can read, outside of the
 * repository. Those of an earlier time are taken as they are.
 */
final class CiKeys {
  static final String SSH = "ssh-key";
  static final String SIGNING = "signing-key";

  private final Path folder;
  private final Optional<NewLogin> newLogin;
  private final String publicLine;
  private final Optional<SigningKey> newSigner;
  private final PublicKey signer;

  private CiKeys(
      Path folder,
      Optional<NewLogin> newLogin,
      String publicLine,
      Optional<SigningKey> newSigner,
      PublicKey signer) {
    this.folder = folder;
    this.newLogin = newLogin;
    this.publicLine = publicLine;
    this.newSigner = newSigner;
    this.signer = signer;
  }

  /**
   * Reads them, or makes those that are missing; {@link #write} leaves them there.
   *
   * @param name of a new signing key
   * @throws SetupRefused if a file is there and is no such key, or a public half that is not that
   *     of the key beside it or stands alone
   */
  static CiKeys in(Path folder, String name) {
    Path file = folder.resolve(SSH);
    Optional<Secret> login = read(file);
    Optional<NewLogin> newLogin =
        login.isPresent() ? Optional.empty() : Optional.of(NewLogin.generate());
    Path signingFile = folder.resolve(SIGNING);
    Optional<SigningKey> signer = read(signingFile).map(text -> signer(signingFile, text));
    Optional<SigningKey> newSigner =
        signer.isPresent() ? Optional.empty() : Optional.of(SigningKey.generate(name));
    var keys =
        new CiKeys(
            folder,
            newLogin,
            newLogin
                .map(NewLogin::publicLine)
                .orElseGet(() -> publicLine(file, login.orElseThrow())),
            newSigner,
            signer.or(() -> newSigner).orElseThrow().publicKey());
    keys.refuseStray();
    return keys;
  }

  // it would be let in on boards in place of the key that logs in
  private void refuseStray() {
    Optional<String> there = read(publicFile()).map(Secret::reveal);
    if (there.isPresent() && newLogin.isPresent()) {
      throw SetupRefused.lonePublicKey(publicFile(), sshKey());
    }
    if (there.isPresent() && !there.get().strip().matches(Pattern.quote(publicLine) + "(\\s.*)?")) {
      throw SetupRefused.strayPublicKey(publicFile());
    }
  }

  private static String publicLine(Path file, Secret text) {
    try {
      return PublicHalf.of(new SshKey(text, Optional.empty())).orElseThrow();
    } catch (Failure failure) {
      throw SetupRefused.badKey(file, failure.problem());
    }
  }

  private static SigningKey signer(Path file, Secret text) {
    try {
      return SigningKey.parse(text.reveal());
    } catch (IllegalArgumentException e) {
      throw SetupRefused.badKey(file, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Secret> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(new Secret(Files.readString(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw SetupRefused.unusable(file, e);
    }
  }

  /** Whether the key that logs in was not there. */
  boolean hasNewLogin() {
    return newLogin.isPresent();
  }

  /** Whether the key that signs was not there. */
  boolean hasNewSigner() {
    return newSigner.isPresent();
  }

  /** Whether one of them was not there. */
  boolean areSomeNew() {
    return hasNewLogin() || hasNewSigner();
  }

  /**
   * Writes what was not there, and whose it is.
   *
   * @param here the folder that they were read from
   * @throws SetupRefused if it is there by now: it stays as it is
   */
  void write(KeyFolder here) {
    try {
      here.note();
      if (newLogin.isPresent()) {
        PrivateFile.write(sshKey(), newLogin.get().privateKey());
      }
      if (newSigner.isPresent()) {
        PrivateFile.write(signingKey(), new Secret(newSigner.get().export().reveal() + "\n"));
      }
      if (Files.notExists(publicFile())) {
        Files.writeString(publicFile(), authorizedKey() + "\n");
      }
    } catch (FileAlreadyExistsException e) {
      throw SetupRefused.keysMeanwhile(folder);
    } catch (IOException e) {
      throw SetupRefused.unusable(folder, e);
    }
  }

  /** The private half of the key that logs in. */
  Path sshKey() {
    return folder.resolve(SSH);
  }

  // ssh-copy-id wants it beside
  private Path publicFile() {
    return folder.resolve(SSH + ".pub");
  }

  Path signingKey() {
    return folder.resolve(SIGNING);
  }

  /** A line for {@code authorized_keys} (sshd(8)). */
  String authorizedKey() {
    return publicLine + " flakeferry";
  }

  PublicKey publicKey() {
    return signer;
  }
}
