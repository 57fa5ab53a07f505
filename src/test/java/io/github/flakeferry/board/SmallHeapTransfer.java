package io.github.flakeferry.board;

import io.github.flakeferry.model.BoardAddress;
import io.github.flakeferry.model.BoardName;
import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SshKey;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends one path of 400 MB and waits for a line on its standard input before it lets go of it. To
 * be run with a heap that is much smaller.
 */
final class SmallHeapTransfer {
  static final String SENT = "sent";

  private SmallHeapTransfer() {}

  /** Arguments: host, host key, file of the login key. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    var closure = new SyntheticClosure(9, 1, 400_000_000);
    var key = new SshKey(new Secret(Files.readString(Path.of(arguments[2]))), Optional.empty());
    var address =
        new BoardAddress(arguments[0], 22, "root", List.of(), List.of(HostKey.parse(arguments[1])));
    var board = new BoardName("flat");
    try (var connector = new Connector(Login.of(key));
        Connection connection = connector.open(address, Duration.ofSeconds(20));
        var transfer = new Transfer(connection, board)) {
      transfer.send(
          transfer.missing(closure.infos()),
          closure,
          new TransferMeter(board, Progress.SILENT, closure.infos()));
      out.println(SENT);
      out.flush();
      System.in.read();
    }
  }
}
