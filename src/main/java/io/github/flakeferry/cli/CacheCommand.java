package io.github.flakeferry.cli;

import picocli.CommandLine.Command;

/** {@code flakeferry cache}. */
@Command(
    name = "cache",
    description = "Looks after binary caches.",
    subcommands = CacheCheckCommand.class)
final class CacheCommand {}
