package io.github.flakeferry.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A board's network namespace and the cable from it to this machine. */
final class BoardNetwork {
  /** The board's end of the cable. */
  private static final String DEVICE = "eth0";

  private final Slot slot;

  BoardNetwork(Slot slot) {
    this.slot = slot;
  }

  /**
   * Makes namespace and cable, and gives both ends their addresses.
   *
   * @param slow the program that makes a slow cable, when one is wanted
   */
  void make(Optional<BoardOptions.Link> link, Optional<Path> slow) throws IOException {
    ip("netns", "add", slot.namespace());
    if (link.isPresent() && slow.isPresent()) {
      startSlowLink(slow.get(), link.get());
    } else {
      ip(
          "link",
          "add",
          slot.device(),
          "type",
          "veth",
          "peer",
          "name",
          DEVICE,
          "netns",
          slot.namespace());
    }
    ip("addr", "add", slot.hostAddress() + "/30", "dev", slot.device());
    ip("link", "set", slot.device(), "up");
    ip("-n", slot.namespace(), "link", "set", "lo", "up");
    plug();
  }

  /** Gives the board's end its address, whatever the board did to it. */
  void plug() throws IOException {
    ip("-n", slot.namespace(), "link", "set", DEVICE, "up");
    ip("-n", slot.namespace(), "addr", "replace", slot.boardAddress() + "/30", "dev", DEVICE);
  }

  /** Whatever is sent, by either end, is lost without a word. */
  void down() throws IOException {
    // a queue without room drops everything, and the devices look as they did
    String[] queue = {"root", "pfifo", "limit", "0"};
    Tool.TC.command("qdisc", "replace", "dev", slot.device()).and(queue).run().orThrow();
    Tool.TC
        .command("-n", slot.namespace(), "qdisc", "replace", "dev", DEVICE)
        .and(queue)
        .run()
        .orThrow();
  }

  void up() throws IOException {
    Tool.TC.command("qdisc", "delete", "dev", slot.device(), "root").run().orThrow();
    Tool.TC
        .command("-n", slot.namespace(), "qdisc", "delete", "dev", DEVICE, "root")
        .run()
        .orThrow();
  }

  private static void ip(String... words) throws IOException {
    Tool.IP.command(words).run().orThrow();
  }

  private void startSlowLink(Path program, BoardOptions.Link link) throws IOException {
    Path log = slot.folder().resolve("slowlink.log");
    var builder =
        slot.linkCgroup()
            .process(
                List.of(
                    program.toString(),
                    slot.device(),
                    "/run/netns/" + slot.namespace(),
                    DEVICE,
                    Integer.toString(link.delayMillis()),
                    Integer.toString(link.megabits())))
            .redirectError(log.toFile());
    Process process = builder.start();
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (!"up".equals(output.readLine())) {
      throw new IOException("the slow link did not come up: " + Files.readString(log).strip());
    }
  }
}
