package io.github.flakeferry.nix;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.SystemPlatform;
import java.nio.file.Path;

/** The kernel was given no handler for another platform's programs. */
public final class RegistrationFailed extends Failure {
  private RegistrationFailed(String message, String advice) {
    super(FailureCode.EMULATOR, message, advice);
  }

  static RegistrationFailed noSuchEmulator(SystemPlatform platform) {
    return new RegistrationFailed(
        "no emulator is known for %s".formatted(platform),
        "Let it cross-compile, or let Nix have a remote builder of that platform.");
  }

  static RegistrationFailed noEmulator(String program) {
    return new RegistrationFailed(
        "there is no %s in the PATH to be registered".formatted(program),
        "Install it: `apt-get install qemu-user-static` on Debian and Ubuntu; not in a container, but"
            + " on the machine that runs it.");
  }

  static RegistrationFailed noList(Path registered, String why) {
    return new RegistrationFailed(
        "the kernel's handlers can't be reached, as binfmt_misc is not to be mounted at %s: %s"
            .formatted(registered, why),
        "It needs root, and in a container its privileges (`docker run --privileged`).");
  }

  static RegistrationFailed disabled(Path file) {
    return new RegistrationFailed(
        "%s is disabled, and left as it is".formatted(file),
        "Enable it, as root: `echo 1 >%s`".formatted(file));
  }

  static RegistrationFailed refused(SystemPlatform platform, String why) {
    return new RegistrationFailed(
        "the kernel takes no handler for %s: %s".formatted(platform, why),
        "It needs root, and in a container its privileges (`docker run --privileged`).");
  }
}
