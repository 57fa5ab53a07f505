package io.github.flakeferry.model;

/** What logs in on boards and jump hosts. */
public sealed interface SshIdentity permits SshKey, SshAgent {}
