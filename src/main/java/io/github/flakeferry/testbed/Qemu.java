package io.github.flakeferry.testbed;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A QEMU process: a riscv64 machine with a disk in a file. The guest's own cache dies with it, and
 * so does what the guest wrote without a flush and QEMU had not yet entered into the disk's tables;
 * what the guest flushed is there (qemu-img(1), cache=writeback).
 */
final class Qemu {
  /** The guest's port 22, on the loopback address of the slot. */
  static final int SSH_PORT = 2222;

  private static final String MEMORY = "running";

  private final MachineImage image;
  private final Path disk;
  private final Slot slot;
  private Optional<Process> process = Optional.empty();

  Qemu(MachineImage image, Path disk, Slot slot) {
    this.image = image;
    this.disk = disk;
    this.slot = slot;
  }

  /** Powers it on: it boots from its disk. */
  void boot() throws IOException {
    start(List.of());
  }

  /** Goes on where the machine was whose memory is on the disk, with the disk of that moment. */
  void resume() throws IOException {
    start(List.of("-loadvm", MEMORY));
  }

  private void start(List<String> more) throws IOException {
    var words = new ArrayList<>(Tool.QEMU.command(options()).words());
    words.addAll(List.of("-kernel", image.kernel().toString()));
    words.addAll(List.of("-initrd", image.initrd().toString()));
    words.addAll(List.of("-serial", "file:" + console()));
    words.addAll(List.of("-monitor", "unix:" + monitor() + ",server,nowait"));
    words.addAll(List.of("-drive", "file=" + disk + ",if=none,id=disk,format=qcow2"));
    words.addAll(List.of("-device", "virtio-blk-device,drive=disk"));
    words.addAll(List.of("-netdev", "user,id=net,restrict=on,hostfwd=tcp:" + forwarded()));
    words.addAll(List.of("-device", "virtio-net-device,netdev=net"));
    words.addAll(List.of("-device", "virtio-rng-device"));
    words.addAll(more);
    Path log = slot.folder().resolve("qemu.log");
    process =
        Optional.of(
            slot.cgroup()
                .process(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
  }

  /**
   * What makes the machine, and so belongs to the memory that is kept. Without {@code sstc}, whose
   * timer QEMU 7.2 does not start again for a processor that comes from memory; with page tables of
   * three levels, which are walked faster.
   */
  private static List<String> options() {
    return Resources.read("machine/qemu-options")
        .lines()
        .flatMap(line -> Stream.of(line.split(" ", 2)))
        .toList();
  }

  private String forwarded() {
    return slot.loopback() + ":" + SSH_PORT + "-:22";
  }

  /** What the machine writes to its console is in this file. */
  Path console() throws IOException {
    return slot.folder().resolve("console");
  }

  private Path monitor() throws IOException {
    return slot.folder().resolve("monitor");
  }

  boolean isAlive() {
    return process.isPresent() && process.get().isAlive();
  }

  /** What QEMU itself complained about. */
  String log() throws IOException {
    return Files.readString(slot.folder().resolve("qemu.log"));
  }

  /** SIGKILL, and waits for its end. */
  void kill() throws IOException {
    slot.cgroup().kill();
    slot.cgroup().remove();
    process = Optional.empty();
  }

  /** Writes the memory of the machine to its disk, for {@link #resume}, and ends. */
  void saveAndEnd() throws IOException {
    String said;
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(monitor()));
      channel.write(
          ByteBuffer.wrap(("savevm " + MEMORY + "\nquit\n").getBytes(StandardCharsets.US_ASCII)));
      said = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
    }
    kill();
    if (said.contains("Error")) {
      throw new IOException("QEMU could not keep the machine: " + said);
    }
  }
}
