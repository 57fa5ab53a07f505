package io.github.flakeferry.board;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.HostKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.schmizz.sshj.userauth.method.AuthMethod;

/** The keys that an agent holds when the run begins, each asked for before it is used. */
final class AgentLogin implements Login {
  private final AgentClient agent;
  private final List<AgentClient.Identity> identities;

  /**
   * @throws AgentUnusable if it does not answer or holds no key
   */
  AgentLogin(AgentClient agent) {
    this.agent = agent;
    try {
      this.identities = agent.identities();
    } catch (IOException e) {
      throw new AgentUnusable(
          "the SSH agent at %s can't be asked: %s".formatted(agent.socket(), e.getMessage()),
          "Start one, or name the key's file in FLAKEFERRY_SSH_KEY_FILE.");
    }
    if (identities.isEmpty()) {
      throw new AgentUnusable(
          "the SSH agent at %s holds no key".formatted(agent.socket()),
          "Add one with ssh-add, or name its file in FLAKEFERRY_SSH_KEY_FILE.");
    }
  }

  @Override
  public List<AuthMethod> methods() {
    return identities.stream().<AuthMethod>map(key -> new AgentPublickey(agent, key)).toList();
  }

  @Override
  public String shown() {
    return identities.stream()
        .map(AgentLogin::shown)
        .collect(Collectors.joining(", ", "", " (from the agent)"));
  }

  private static String shown(AgentClient.Identity identity) {
    return identity.type() + " " + new HostKey(identity.type(), identity.base64()).fingerprint();
  }

  @Override
  public Optional<String> authorizedKey() {
    return identities.size() == 1
        ? Optional.of(identities.getFirst().type() + " " + identities.getFirst().base64())
        : Optional.empty();
  }

  /** There is no key to be had from the agent. */
  static final class AgentUnusable extends Failure {
    AgentUnusable(String problem, String advice) {
      super(FailureCode.SSH_AGENT, problem, advice);
    }
  }
}
