package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of the machine that the test bed uses, and the Debian packages that bring it. */
enum Tool {
  IP("ip", "iproute2"),
  TC("tc", "iproute2"),
  UNSHARE("unshare", "util-linux"),
  NSENTER("nsenter", "util-linux"),
  SETSID("setsid", "util-linux"),
  MOUNT("mount", "mount"),
  UMOUNT("umount", "mount"),
  CHOWN("chown", "coreutils"),
  MMDEBSTRAP("mmdebstrap", "mmdebstrap"),
  SSH("ssh", "openssh-client"),
  SSH_KEYGEN("ssh-keygen", "openssh-client"),
  GIT("git", "git"),
  NIX("nix", "nix-bin"),
  CROSS_COMPILER("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu libc6-dev-riscv64-cross"),
  COMPILER("cc", "gcc libc6-dev"),
  EMULATOR("qemu-riscv64-static", "qemu-user-static"),
  BINFMT("update-binfmts", "binfmt-support"),
  DPKG_DEB("dpkg-deb", "dpkg"),
  PODMAN("podman", "podman"),
  RUNC("runc", "runc"),
  SHELLCHECK("shellcheck", "shellcheck"),
  DASH("dash", "dash"),
  FISH("fish", "fish"),
  ZSH("zsh", "zsh"),
  GROFF("groff", "groff-base"),
  QEMU("qemu-system-riscv64", "qemu-system-misc opensbi"),
  QEMU_IMG("qemu-img", "qemu-utils"),
  MKE2FS("mke2fs", "e2fsprogs"),
  XZ("xz", "xz-utils"),
  ZSTD("zstd", "zstd"),
  RSYNC("rsync", "rsync");

  // a shell that came by `su` has no sbin in its PATH
  private static final List<Path> FOLDERS =
      Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
          .map(Path::of)
          .toList();

  private final String program;

  /** With blanks between. */
  private final String packages;

  Tool(String program, String packages) {
    this.program = program;
    this.packages = packages;
  }

  String program() {
    return program;
  }

  List<String> packages() {
    return List.of(packages.split(" "));
  }

  Optional<Path> find() {
    return FOLDERS.stream().map(f -> f.resolve(program)).filter(Files::isExecutable).findFirst();
  }

  /** The program by its path, with these arguments. */
  Command command(String... arguments) {
    return command(List.of(arguments));
  }

  Command command(List<String> arguments) {
    var words = new ArrayList<String>();
    words.add(find().map(Path::toString).orElse(program));
    words.addAll(arguments);
    return Command.of(words).with("PATH", searchPath());
  }

  static String searchPath() {
    return String.join(":", FOLDERS.stream().map(Path::toString).toList());
  }
}
