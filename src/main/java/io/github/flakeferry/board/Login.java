package io.github.flakeferry.board;

import io.github.flakeferry.model.SshAgent;
import io.github.flakeferry.model.SshIdentity;
import io.github.flakeferry.model.SshKey;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.userauth.method.AuthMethod;

/** How we show boards who we are. */
sealed interface Login permits KeyLogin, AgentLogin {
  /**
   * Reads the key, or asks the agent what it holds.
   *
   * @throws KeyLogin.KeyUnreadable if the key can't be read
   * @throws AgentLogin.AgentUnusable if the agent does not answer or holds no key
   */
  static Login of(SshIdentity identity) {
    return switch (identity) {
      case SshKey key -> new KeyLogin(key);
      case SshAgent agent -> new AgentLogin(new AgentClient(agent.socket()));
    };
  }

  /** What is tried in turn; each can be used once. */
  List<AuthMethod> methods();

  /** The public half, for people: type and fingerprint of each key. */
  String shown();

  /** A line for {@code authorized_keys} (sshd(8)); empty if there are several to choose from. */
  Optional<String> authorizedKey();
}
