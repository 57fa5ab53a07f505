package io.github.flakeferry.testbed;

import java.time.Instant;

/** A status of a deployment; texts are empty where they were not given. */
public record GitHubDeploymentStatus(
    long id, String state, String description, String logUrl, String environmentUrl, Instant at) {}
