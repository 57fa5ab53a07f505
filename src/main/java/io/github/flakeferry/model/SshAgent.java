package io.github.flakeferry.model;

import java.nio.file.Path;

/**
 * An agent that holds the keys and never gives them away, as OpenSSH's ssh-agent(1).
 *
 * @param socket where it listens ({@code SSH_AUTH_SOCK})
 */
public record SshAgent(Path socket) implements SshIdentity {}
