package io.github.flakeferry.model;

import java.util.Optional;

/**
 * The private key that logs in on boards.
 *
 * @param text as OpenSSH or PEM writes it
 */
public record SshKey(Secret text, Optional<Secret> passphrase) {}
