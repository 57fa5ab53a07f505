package io.github.flakeferry.model;

import java.util.Optional;

/**
 * The private key that logs in on boards.
 *
 * @param text as OpenSSH or PEM writes it; a line with its OpenSSH certificate, as in {@code
 *     …-cert.pub}, may follow
 */
public record SshKey(Secret text, Optional<Secret> passphrase) implements SshIdentity {}
