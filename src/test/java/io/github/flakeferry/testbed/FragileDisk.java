package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * An ext4 file system in a file, mounted on a folder, that the power can be cut of: what was not
 * forced to the disk by then is gone (ext4's {@code EXT4_IOC_SHUTDOWN}, as the kernel's own tests
 * use it).
 */
public final class FragileDisk implements AutoCloseable {
  private static final String SHUTDOWN =
      """
      open(my $disk, '<', $ARGV[0]) or die $!;
      my $flags = pack('I', 2); # EXT4_GOING_FLAGS_NOLOGFLUSH
      ioctl($disk, 0x8004587d, $flags) or die $!;
      """;

  private final Path place;
  private final Path folder;
  private int cuts;

  private FragileDisk(Path place, Path folder) {
    this.place = place;
    this.folder = folder;
  }

  /**
   * Makes one.
   *
   * @param place a folder for its files, empty
   */
  public static FragileDisk make(Path place, int megabytes) throws IOException {
    Requirements.ofThisMachine(Progress.SILENT)
        .demand(Set.of(Tool.MKE2FS, Tool.MOUNT, Tool.UMOUNT));
    var disk = new FragileDisk(place, Files.createDirectory(place.resolve("disk")));
    Tool.MKE2FS
        .command("-q", "-t", "ext4", disk.image().toString(), megabytes + "M")
        .run()
        .orThrow();
    disk.mount();
    return disk;
  }

  /** Where it is mounted. */
  public Path folder() {
    return folder;
  }

  private Path image() {
    return place.resolve("image-" + cuts);
  }

  private void mount() throws IOException {
    Tool.MOUNT.command("-o", "loop", image().toString(), folder.toString()).run().orThrow();
  }

  private void unmount() throws IOException {
    Tool.UMOUNT.command(folder.toString()).run().orThrow();
  }

  /** From now on nothing more gets onto it, and nothing can be read. */
  public void cutPower() throws IOException {
    Command.of("perl", "-e", SHUTDOWN, folder.toString()).run().orThrow();
  }

  /** Has it as it is found when the power is back. No process may have a file of it open. */
  public void restorePower() throws IOException {
    Path cut = image();
    unmount();
    cuts++;
    // a copy: mount namespaces of others may hold the one that was cut
    Command.of("cp", "--sparse=always", cut.toString(), image().toString()).run().orThrow();
    Files.delete(cut);
    mount();
  }

  @Override
  public void close() throws IOException {
    unmount();
  }
}
