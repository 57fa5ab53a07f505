package io.github.flakeferry.cli;

import io.github.flakeferry.support.progress.ProgressScene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that plays a scene, and waits in its midst until a test lets it go on. */
@Command(name = "scene")
final class SceneCommand implements Callable<Integer> {
  static final Duration MIDST = Duration.ofMinutes(3);

  @Mixin private final ProgressOptions options = new ProgressOptions();

  @Option(names = "--port", description = "Where the test listens.")
  private int port;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SceneCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    return options.telling(this::play);
  }

  private int play(Told told) {
    var scene = new ProgressScene();
    try (var interrupts = Interrupts.ofThisThread()) {
      scene.playUntil(told.progress(), MIDST);
      if (!letGo()) {
        told.progress().warn("interrupted");
        return interrupts.exitCodeIfInterrupted().orElse(1);
      }
      scene.play(told.progress());
      told.result(() -> "the result", () -> "{}");
      return 0;
    }
  }

  // an interrupt closes the channel
  private boolean letGo() {
    try (var channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      return channel.read(ByteBuffer.allocate(1)) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
