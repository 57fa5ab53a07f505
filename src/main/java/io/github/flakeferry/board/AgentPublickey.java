package io.github.flakeferry.board;

import java.io.IOException;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/**
 * Logs in with a key that an agent holds (RFC 4252, section 7): asks first whether it would do,
 * since the agent may hold several, and a signature may cost its owner a touch.
 */
final class AgentPublickey extends AbstractAuthMethod {
  private final AgentClient agent;
  private final AgentClient.Identity key;

  AgentPublickey(AgentClient agent, AgentClient.Identity key) {
    super("publickey");
    this.agent = agent;
    this.key = key;
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    return request(false);
  }

  private SSHPacket request(boolean signed) throws UserAuthException {
    SSHPacket request = super.buildReq();
    request.putBoolean(signed).putString(algorithm()).putBytes(key.blob());
    return request;
  }

  // RFC 8332: the plain names would mean SHA-1
  private String algorithm() {
    return switch (key.type()) {
      case "ssh-rsa" -> "rsa-sha2-512";
      case "ssh-rsa-cert-v01@openssh.com" -> "rsa-sha2-512-cert-v01@openssh.com";
      default -> key.type();
    };
  }

  @Override
  public void handle(Message message, SSHPacket packet)
      throws UserAuthException, TransportException {
    if (message != Message.USERAUTH_60) {
      super.handle(message, packet);
      return;
    }
    SSHPacket request = request(true);
    byte[] signed =
        new Buffer.PlainBuffer()
            .putString(params.getTransport().getSessionID())
            .putBuffer(request)
            .getCompactData();
    try {
      request.putBytes(agent.sign(key, signed));
    } catch (IOException e) {
      throw new UserAuthException("the agent does not sign: " + e.getMessage(), e);
    }
    params.getTransport().write(request);
  }
}
