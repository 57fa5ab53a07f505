package io.github.flakeferry.board;

import io.github.flakeferry.model.SshKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/** What a board must know of the key that logs in. */
public final class PublicHalf {
  private PublicHalf() {}

  /**
   * A line for {@code authorized_keys} (sshd(8)), without a comment.
   *
   * @throws io.github.flakeferry.model.Failure if the key can't be read
   */
  public static String of(SshKey key) {
    var half = new Login(key).pair().getPublic();
    byte[] wire = new Buffer.PlainBuffer().putPublicKey(half).getCompactData();
    return KeyType.fromKey(half) + " " + Base64.getEncoder().encodeToString(wire);
  }
}
