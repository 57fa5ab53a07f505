package io.github.flakeferry.board;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.DebianPackage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Systems made of Debian's packages, before and after updates. Closing it takes them out of this
 * machine's store.
 */
final class DebianSystems implements AutoCloseable {
  // what others depend on first; those of the second half mostly have updates
  private static final List<String> PACKAGES =
      List.of(
          """
              libc6 libc-bin libstdc++6 libgcc-s1 systemd udev libsystemd0 bash coreutils util-linux findutils grep sed
              gawk tar gzip bzip2 libzstd1 zstd file libmagic-mgc less nano vim-common git libcurl4 curl libgnutls30
              libgmp10 libp11-kit0 libkrb5-3 openssh-client openssh-server iproute2 nftables kmod e2fsprogs btrfs-progs
              lvm2 cryptsetup-bin wpasupplicant network-manager modemmanager bluez dbus polkitd libsqlite3-0
              libglib2.0-0 binutils-x86-64-linux-gnu strace tcpdump tmux htop busybox man-db groff-base locales
              ncurses-term procps runc prometheus-node-exporter nix-bin
              libssl3 openssl tzdata libpython3.11-minimal python3.11-minimal libpython3.11-stdlib libpython3.11
              perl-base perl-modules-5.36 libperl5.36 rsync nginx-common nginx libexpat1 bind9-libs bind9-host
              bind9-dnsutils libpng16-16 libgd3 libarchive13 libpcre2-8-0 libsasl2-2 libnss3 xz-utils libevent-2.1-7
              libapt-pkg6.0 apt redis-tools squid haproxy parted
              """
              .strip()
              .split("\\s+"));

  private static final String KERNEL = "linux";

  private final Path folder;
  private final DebianPackage.Pair packages;
  private final List<DebianClosure> here = new ArrayList<>();

  private DebianSystems(Path folder, DebianPackage.Pair packages) {
    this.folder = folder;
    this.packages = packages;
  }

  /**
   * Downloads the packages.
   *
   * @param folder an empty one
   */
  static DebianSystems download(Path folder) throws IOException {
    var names = new ArrayList<>(PACKAGES);
    names.add(KERNEL);
    return new DebianSystems(
        folder, DebianPackage.download(Files.createDirectory(folder.resolve("debs")), names));
  }

  /** How many packages have another version in {@link #updated}. */
  long updates() {
    return packages.updates() - 1; // the kernel
  }

  /** A system without updates. */
  DebianClosure released(String generation) throws IOException {
    return closure(packages.released(), false, generation);
  }

  /** A system with all updates. */
  DebianClosure updated(String generation) throws IOException {
    return closure(packages.updated(), false, generation);
  }

  DebianClosure releasedKernel() throws IOException {
    return closure(packages.released(), true, "kernel");
  }

  DebianClosure updatedKernel() throws IOException {
    return closure(packages.updated(), true, "updated-kernel");
  }

  private DebianClosure closure(List<DebianPackage> all, boolean kernel, String generation)
      throws IOException {
    return new DebianClosure(
        all.stream().filter(p -> p.name().equals(KERNEL) == kernel).toList(), generation, folder);
  }

  /** Puts it into this machine's store, for those who copy from there. */
  DebianClosure here(DebianClosure closure) throws IOException {
    here.add(closure);
    try (var requests = Files.newInputStream(closure.requests())) {
      Command.of("nix-store", "--serve", "--write")
          .pipe(requests, OutputStream.nullOutputStream())
          .orThrow();
    }
    return closure;
  }

  @Override
  public void close() throws IOException {
    for (DebianClosure closure : here) {
      Command.of("nix-store", "--delete")
          .and(closure.infos().reversed().stream().map(i -> i.path().toString()).toList())
          .run()
          .orThrow();
    }
  }
}
