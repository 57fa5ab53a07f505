package io.github.flakeferry.forge;

import io.github.flakeferry.model.Repository;
import java.net.URI;
import java.util.Optional;

/**
 * One run of a workflow.
 *
 * @param runId the forge's number for it, the same for all attempts
 * @param attempt "1", and counted up when it is run again
 * @param url its page for people
 * @param actor the account that started it
 */
public record RunContext(
    Repository repository,
    String runId,
    String attempt,
    Optional<URI> url,
    Optional<String> actor) {}
