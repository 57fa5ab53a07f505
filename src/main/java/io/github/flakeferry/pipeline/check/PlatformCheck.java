package io.github.flakeferry.pipeline.check;

import static java.util.stream.Collectors.joining;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.nix.Emulation;
import io.github.flakeferry.nix.Flake;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.Platforms;
import io.github.flakeferry.nix.Registration;
import io.github.flakeferry.pipeline.PlatformAdvice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Whether this machine builds for the boards: by itself, by a remote builder, by cross-compiling or
 * by emulation, as the working copy's commit and policy want it.
 */
public final class PlatformCheck implements Check {
  private final BoardFlake built;
  private final Nix nix;
  private final Optional<Registration> registration;

  /**
   * @param registration registers the handlers that are missing; absent where they are to be told
   */
  public PlatformCheck(BoardFlake built, Optional<Registration> registration) {
    this.built = built;
    this.nix = built.nix();
    this.registration = registration;
  }

  @Override
  public String name() {
    return "platform";
  }

  @Override
  public List<Finding> look() {
    nix.platform(); // without Nix there is nothing more to say
    return built.flake().map(this::findings).orElseGet(() -> List.of(unknown()));
  }

  private Finding unknown() {
    String message = "the boards' platforms are not known: ";
    return built.fleet().copy().isPresent()
        ? Finding.warning(
            name(),
            message + "nothing is committed here yet",
            "Commit the flake: runs build commits, and nothing else.")
        : Finding.warning(
            name(), message + "this is no clone", "Go to a clone of the flake's repository.");
  }

  private List<Finding> findings(Flake flake) {
    var groups = new LinkedHashMap<Platforms, Group>();
    var findings = new ArrayList<Finding>();
    for (BoardFlake.Wanted wanted : built.wanted(flake)) {
      try {
        groups
            .computeIfAbsent(
                nix.platforms(flake, wanted.variant()),
                _ -> new Group(wanted.configuration(), new ArrayList<>()))
            .boards()
            .addAll(wanted.boards());
      } catch (Failure failure) {
        findings.add(Finding.wrong(name(), failure));
      }
    }
    groups.forEach((platforms, group) -> findings.add(finding(platforms, group)));
    return findings;
  }

  /** Boards with the same platforms, and the configuration of the first. */
  private record Group(String configuration, List<String> boards) {}

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
    if (!built.fleet().policy().emulate() || !platforms.build().equals(platforms.host())) {
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
