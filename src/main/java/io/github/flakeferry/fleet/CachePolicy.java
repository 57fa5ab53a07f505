package io.github.flakeferry.fleet;

import io.github.flakeferry.model.ProgramCache;
import io.github.flakeferry.model.PublicKey;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A binary cache to publish to.
 *
 * @param url {@code file:///…}, {@code http://…}, {@code https://…} or {@code s3://…}, without
 *     credentials
 * @param through takes the paths, and signs them itself; absent: they are uploaded to the URL
 * @param publicKey what its paths are signed with; absent: the key that the environment holds
 * @param priority which cache builds ask first: the one with the smallest; absent: as it says
 */
public record CachePolicy(
    URI url,
    Optional<ProgramCache> through,
    Optional<PublicKey> publicKey,
    Audience audience,
    OptionalInt priority,
    PublishPolicy publishing) {}
