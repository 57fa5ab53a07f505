package io.github.flakeferry.pipeline.check;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.fleet.BoardPolicy;
import io.github.flakeferry.fleet.Policy;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.Platforms;
import io.github.flakeferry.nix.Registration;
import io.github.flakeferry.pipeline.Fleet;
import io.github.flakeferry.pipeline.PlatformAdvice;
import io.github.flakeferry.source.WorkingCopy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether this machine builds for the boards: by itself, by a remote builder, by cross-compiling or
 * by emulation, as the working copy's commit and policy want it.
 */
public final class PlatformCheck implements Check {
  private final Nix nix;
  private final Fleet fleet;
  private final Path folder;
  private final Optional<Registration> registration;

  /**
   * @param folder where {@code flake.nix} is in the repository; empty: at its root
   * @param registration registers the handlers that are missing; absent where they are to be told
   */
  public PlatformCheck(Nix nix, Fleet fleet, Path folder, Optional<Registration> registration) {
    this.nix = nix;
    this.fleet = fleet;
    this.folder = folder;
    this.registration = registration;
  }

  @Override
  public String name() {
    return "platform";
  }

  @Override
  public List<Finding> look() {
    nix.platform(); // without Nix there is nothing more to say
    Optional<WorkingCopy> copy = fleet.copy();
    Optional<GitRevision> head = copy.flatMap(WorkingCopy::head);
    if (copy.isEmpty() || head.isEmpty()) {
      return List.of(
          Finding.warning(
              name(),
              "the boards' platforms are not known: this is no clone with a commit",
              "Go to a clone of the flake's repository."));
    }
    Flake flake = nix.flake(copy.get().root(), folder, head.get(), false);
    return findings(copy.get().hasSubmodules() ? flake.withSubmodules() : flake);
  }

  private List<Finding> findings(Flake flake) {
    Policy policy = fleet.policy();
    var offered = new HashSet<>(nix.configurations(flake));
    var groups = new LinkedHashMap<Platforms, Group>();
    var findings = new ArrayList<Finding>();
    for (String configuration : configurations(policy)) {
      try {
        String variant = policy.cross().variant(configuration, offered, nix.platform());
        Platforms platforms = nix.platforms(flake, variant);
        groups
            .computeIfAbsent(platforms, _ -> new Group(configuration, new ArrayList<>()))
            .boards()
            .addAll(boards(policy, configuration));
      } catch (Failure failure) {
        findings.add(Finding.wrong(name(), failure));
      }
    }
    groups.forEach((platforms, group) -> findings.add(finding(platforms, group)));
    return findings;
  }

  /** Boards with the same platforms, and the configuration of the first. */
  private record Group(String configuration, List<String> boards) {}

  private static Set<String> configurations(Policy policy) {
    var all = new LinkedHashSet<String>();
    policy.boards().forEach(board -> all.add(board.configuration()));
    return all;
  }

  private static List<String> boards(Policy policy, String configuration) {
    return policy.boards().stream()
        .filter(board -> board.configuration().equals(configuration))
        .map(BoardPolicy::name)
        .map(name -> name.value())
        .toList();
  }

  private Finding finding(Platforms platforms, Group group) {
    String start =
        "%s (%s): ".formatted(platforms.host(), group.boards().stream().collect(joining(", ")));
    if (nix.buildsFor(platforms.build())) {
      return Finding.ok(
          name(),
          start
              + (platforms.build().equals(platforms.host())
                  ? "this machine or one of its remote builders builds for it"
                  : "cross-compiled on " + platforms.build()));
    }
    if (!fleet.policy().emulate() || !platforms.build().equals(platforms.host())) {
      return wrong(
          FailureCode.PLATFORM,
          start + "nothing here builds on " + platforms.build(),
          PlatformAdvice.of(group.configuration(), platforms.build(), nix.platform()));
    }
    return Emulation.handlerFor(platforms.build())
        .map(handler -> emulated(start, handler))
        .orElseGet(() -> missing(start, platforms));
  }

  private Finding emulated(String start, Emulation.Handler handler) {
    String by =
        handler.interpreter().map(Object::toString).orElse("a handler that is not to be seen here");
    String message = start + "emulated by " + by;
    return handler.everywhere()
        ? Finding.ok(name(), message)
        : Finding.warning(
            name(),
            message + ", which is not there in sandboxes and containers (it lacks the flag F)",
            "Register it again with the flag F: Debian's qemu-user-static and"
                + " docker/setup-qemu-action do so.");
  }

  private Finding missing(String start, Platforms platforms) {
    if (registration.isEmpty()) {
      return wrong(
          FailureCode.EMULATOR,
          start + "is to be emulated, and the kernel has no handler for it",
          Emulation.advice(platforms.build()));
    }
    try {
      return Finding.ok(
          name(),
          start
              + "emulated by %s, registered now until the machine is started again"
                  .formatted(registration.get().register(platforms.build())));
    } catch (Failure failure) {
      return wrong(failure.code(), start + failure.problem(), failure.advice());
    }
  }

  private Finding wrong(FailureCode code, String message, String advice) {
    return Finding.wrong(name(), code, message, advice);
  }
}
