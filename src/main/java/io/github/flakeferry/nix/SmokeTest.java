package io.github.flakeferry.nix;

import io.github.flakeferry.model.terms.SmokeCommands;

/**
 * What is tried of a system on the machine that built it.
 *
 * @param smoke not empty
 */
public record SmokeTest(EvaluatedSystem system, SmokeCommands smoke) {}
