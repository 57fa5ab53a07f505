package io.github.flakeferry.cli;

import io.github.flakeferry.board.Boards;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.fleet.CachePolicy;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.nix.NixSettings;
import io.github.flakeferry.nix.Registration;
import io.github.flakeferry.pipeline.Settings;
import io.github.flakeferry.pipeline.check.AwaitedCheck;
import io.github.flakeferry.pipeline.check.BoardFlake;
import io.github.flakeferry.pipeline.check.BoardsCheck;
import io.github.flakeferry.pipeline.check.CacheCheck;
import io.github.flakeferry.pipeline.check.Check;
import io.github.flakeferry.pipeline.check.Findings;
import io.github.flakeferry.pipeline.check.FlakeCheck;
import io.github.flakeferry.pipeline.check.NixCheck;
import io.github.flakeferry.pipeline.check.PlatformCheck;
import io.github.flakeferry.pipeline.check.SpaceCheck;
import io.github.flakeferry.pipeline.check.SystemCheck;
import io.github.flakeferry.pipeline.check.WorkflowCheck;
import io.github.flakeferry.source.WorkingCopy;
import io.github.flakeferry.support.Words;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flakeferry check}. */
@Command(
    name = "check",
    description =
        "Says what would hinder a run, here, in the repository, at the caches and on the boards, and"
            + " what to do about it. Changes nothing but a file of its own in the caches.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private final LocalOptions local = new LocalOptions();

  @Option(names = "--json", description = "Prints one line of JSON in place of the lines.")
  private boolean json;

  @Option(
      names = "--register",
      description =
          "Registers QEMU's emulators with the kernel where the policy wants emulation and the"
              + " kernel has no handler.")
  private boolean register;

  @Override
  public Integer call() {
    Settings settings = LocalOptions.settings();
    try (var told = Told.briefly(System.getenv());
        var fleet = local.fleet();
        var boards = new Logins(settings, told.progress())) {
      var nix = new Nix(NixSettings.BY_HAND, told.progress());
      var built = new BoardFlake(nix, fleet, settings.flakeFolder());
      var checks =
          new ArrayList<Check>(
              List.of(
                  new NixCheck(nix),
                  new SpaceCheck(nix, temporary()),
                  new FlakeCheck(fleet.copy(), settings.flakeFolder()),
                  new PlatformCheck(
                      built, register ? Optional.of(new Registration()) : Optional.empty()),
                  new SystemCheck(built)));
      fleet.policy().caches().stream()
          .filter(cache -> cache.through().isEmpty())
          .forEach(cache -> checks.add(check(cache, settings, told.progress())));
      checks.add(
          new BoardsCheck(
              fleet,
              boards::open,
              new BoardsCheck.Signers(
                  settings.signingKey().map(SigningKey::publicKey),
                  settings.pullRequestSigningKey().map(SigningKey::publicKey))));
      checks.add(new WorkflowCheck(fleet.copy().map(WorkingCopy::root), fleet.policy()));
      Findings findings = Findings.of(checks);
      told.result(
          json
              ? NoCommand.json(findings.json())
              : NoCommand.text(Words.printable(findings.text())).stripTrailing());
      return findings.exitCode();
    }
  }

  private static Check check(CachePolicy cache, Settings settings, Progress progress) {
    boolean trusted = cache.audience() == Audience.TRUSTED;
    return new AwaitedCheck(
        "asking " + cache.url(),
        new CacheCheck(
            cache.url(),
            settings.credentialsFor(cache.url()),
            trusted ? settings.signingKey() : settings.pullRequestSigningKey(),
            cache.publicKey(),
            true,
            trusted ? "signing-key" : "pull-request-signing-key"),
        progress);
  }

  /** The boards, where there is anything to log in with; opened when they are asked for. */
  private static final class Logins implements AutoCloseable {
    private final Settings settings;
    private final Progress progress;
    private volatile Optional<Boards> boards = Optional.empty();

    Logins(Settings settings, Progress progress) {
      this.settings = settings;
      this.progress = progress;
    }

    Optional<Boards> open() {
      boards = settings.login().map(login -> LocalOptions.boards(login, progress));
      return boards;
    }

    @Override
    public void close() {
      boards.ifPresent(Boards::close);
    }
  }

  /** Where builders work. */
  private static Path temporary() {
    return Path.of(
        Optional.ofNullable(System.getenv("TMPDIR"))
            .filter(folder -> !folder.isBlank())
            .orElse("/tmp"));
  }
}
