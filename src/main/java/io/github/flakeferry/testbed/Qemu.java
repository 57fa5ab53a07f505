package io.github.flakeferry.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
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
  private static final Duration LISTENS_WITHIN = Duration.ofSeconds(30);

  /** Where the processor is told when to wake (ACLINT, mtimecmp). */
  private static final String TIMER = "0x2004000";

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
    String socket = slot.folder().resolve("qtest").toString();
    start(List.of("-loadvm", MEMORY, "-qtest", "unix:" + socket + ",server=on,wait=off"));
    startTimer(Path.of(socket));
  }

  /**
   * QEMU (7.2 at least) forgets to start the processor's timer again: sooner or later it sleeps for
   * good. A time to wake that is over has the guest's kernel set the next one. QEMU's test protocol
   * writes it.
   */
  private void startTimer(Path socket) throws IOException {
    try (var channel = connect(socket)) {
      channel.write(
          ByteBuffer.wrap(("writeq " + TIMER + " 0x0\n").getBytes(StandardCharsets.US_ASCII)));
      var answers =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
      String answer = answers.readLine();
      if (!"OK".equals(answer)) {
        throw new IOException("QEMU did not start the timer: " + answer);
      }
    }
  }

  // it listens soon after it was started
  private SocketChannel connect(Path socket) throws IOException {
    long deadline = System.nanoTime() + LISTENS_WITHIN.toNanos();
    while (true) {
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
      } catch (IOException e) {
        channel.close();
        if (!isAlive() || System.nanoTime() > deadline) {
          throw new IOException("QEMU does not listen: " + log(), e);
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
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
   * timer can't be started from outside; with page tables of three levels, which are walked faster;
   * with one processor, which needs two thirds of the time of two where there are none to spare.
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
    try (var channel = connect(monitor())) {
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
