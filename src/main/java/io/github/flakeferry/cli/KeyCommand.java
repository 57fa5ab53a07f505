package io.github.flakeferry.cli;

import picocli.CommandLine.Command;

/** {@code flakeferry key}. */
@Command(
    name = "key",
    description = "Makes keys that sign what caches and boards get.",
    subcommands = KeyGenerateCommand.class)
final class KeyCommand {}
