package io.github.flakeferry.cache;

/**
 * What a publication did.
 *
 * @param uploaded paths that the cache got
 * @param present paths that it had
 * @param compressedBytes bytes of what was uploaded, as they are stored there
 * @param narBytes the same before compression
 */
public record PublishResult(int uploaded, int present, long compressedBytes, long narBytes) {}
