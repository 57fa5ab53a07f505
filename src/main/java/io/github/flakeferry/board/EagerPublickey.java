package io.github.flakeferry.board;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/**
 * Logs in with a key and signs at once, without asking first whether the key would do (RFC 4252,
 * section 7): there is but one, and a round trip less.
 */
final class EagerPublickey extends KeyedAuthMethod {
  private final KeyPair key;

  EagerPublickey(KeyPair key) {
    super("publickey", new KeyPairWrapper(key));
    this.key = key;
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    SSHPacket request = super.buildReq();
    request.putBoolean(true);
    return isRsaCertificate() ? rsaCertificate(request) : putSig(putPubKey(request));
  }

  private boolean isRsaCertificate() {
    return key.getPublic() instanceof Certificate<?> certificate
        && certificate.getKey() instanceof RSAPublicKey;
  }

  // sshj signs with SHA-1 here, which OpenSSH refuses since 8.8: PROTOCOL.certkeys, RFC 8332
  private SSHPacket rsaCertificate(SSHPacket request) throws UserAuthException {
    request.putString("rsa-sha2-512-cert-v01@openssh.com");
    request.putString(new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData());
    try {
      var signature = Signature.getInstance("SHA512withRSA");
      signature.initSign(key.getPrivate());
      signature.update(
          new Buffer.PlainBuffer()
              .putString(params.getTransport().getSessionID())
              .putBuffer(request)
              .getCompactData());
      request.putSignature("rsa-sha2-512", signature.sign());
      return request;
    } catch (GeneralSecurityException e) {
      throw new UserAuthException("the key can't sign", e);
    }
  }
}
