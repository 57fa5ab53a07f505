package io.github.flakeferry.board;

import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PathSignature;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.testbed.DemoFlake;
import io.github.flakeferry.testbed.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Builds systems for boards with this machine's Nix, from the demo flake and a module more. */
public final class SystemBuilder {
  private static final String AMD64 =
      """
      ./hosts/board-amd64.nix
      { nixpkgs.hostPlatform = "x86_64-linux"; }
      """;

  private final Path folder;

  public SystemBuilder(Path folder) {
    this.folder = folder;
  }

  /** A system and all it refers to. */
  public record Built(StorePath system, List<PathInfo> closure) {}

  /** The amd64 host of the demo flake. */
  public Built build(Variation variation) throws IOException {
    return build(variation, "{ }");
  }

  /** The same with one more module, in Nix. */
  Built build(Variation variation, String module) throws IOException {
    return build(
        DemoFlake.writeTo(Files.createTempDirectory(folder, "flake"), variation), AMD64 + module);
  }

  /** The riscv64 host of the demo flake, cross-compiled, with one more module. */
  Built cross(Variation variation, String module) throws IOException {
    return build(
        DemoFlake.writeTo(Files.createTempDirectory(folder, "flake"), variation),
        """
        ./hosts/unmatched.nix
        {
          nixpkgs.buildPlatform = "x86_64-linux";
          nixpkgs.hostPlatform = "riscv64-linux";
        }
        """
            + module);
  }

  /** A system whose init can't take over from that of other systems. */
  Built withInitInterface(String version) throws IOException {
    return made(Variation.FIRST, "systemd 2", version);
  }

  /** A system without device trees, as most computers have it. */
  Built withoutDeviceTrees(Variation variation) throws IOException {
    return made(variation, "ln -s ${kernel}/dtbs $out/dtbs", "");
  }

  /** A system of another NixOS, in which a text is replaced. */
  private Built made(Variation variation, String text, String other) throws IOException {
    var flake = DemoFlake.writeTo(Files.createTempDirectory(folder, "flake"), variation);
    Path nixos = flake.folder().resolve("nixos/default.nix");
    Files.writeString(nixos, Files.readString(nixos).replace(text, other));
    return build(flake, AMD64 + "{ }");
  }

  private static Built build(DemoFlake flake, String modules) throws IOException {
    Path expression = flake.folder().resolve("system.nix");
    Files.writeString(
        expression,
        """
        (import ./nixos {
          modules = [
            %s
          ];
        }).config.system.build.toplevel
        """
            .formatted(modules));
    String out =
        nix("nix-build", "--no-out-link", expression.toString()).run().orThrow().output().strip();
    StorePath system = StorePath.parse(out);
    return new Built(system, closure(system));
  }

  private static List<PathInfo> closure(StorePath system) throws IOException {
    JsonNode infos =
        JsonMapper.shared()
            .readTree(
                nix("nix", "path-info", "--json", "--recursive", system.toString())
                    .run()
                    .orThrow()
                    .output());
    var all = new ArrayList<PathInfo>();
    for (JsonNode info : infos) {
      var references = new TreeSet<StorePath>();
      info.path("references").forEach(r -> references.add(StorePath.parse(r.stringValue())));
      var signatures = new ArrayList<PathSignature>();
      info.path("signatures").forEach(s -> signatures.add(PathSignature.parse(s.stringValue())));
      all.add(
          new PathInfo(
              StorePath.parse(info.path("path").stringValue()),
              Sha256.parse(info.path("narHash").stringValue()),
              info.path("narSize").longValue(),
              references,
              Optional.empty(),
              info.path("ca").stringValueOpt(),
              signatures));
    }
    return all;
  }

  /** This machine's store. */
  public static ContentSource contents() {
    return (path, to) -> nix("nix-store", "--dump", path.toString()).writeTo(to);
  }

  private static Command nix(String... words) {
    return Command.of(words).with("NIX_CONFIG", DemoFlake.NIX_CONFIG);
  }
}
