package io.github.flakeferry.board;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/**
 * Logs in with a key and signs at once, without asking first whether the key would do (RFC 4252,
 * section 7): there is but one, and a round trip less.
 */
final class EagerPublickey extends KeyedAuthMethod {
  EagerPublickey(KeyProvider key) {
    super("publickey", key);
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    SSHPacket request = super.buildReq();
    request.putBoolean(true);
    return putSig(putPubKey(request));
  }
}
