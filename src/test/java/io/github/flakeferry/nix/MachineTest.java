package io.github.flakeferry.nix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class MachineTest {
  @TempDir private Path folder;

  private static Machine machine(String builders) {
    return Machine.of(
        JsonMapper.builder()
            .build()
            .readTree(
                """
                {"system":{"value":"x86_64-linux"},"sandbox":{"value":true},
                 "extra-platforms":{"value":["i686-linux"]},
                 "builders":{"value":"%s"}}
                """
                    .formatted(builders)),
        false);
  }

  @Test
  void remoteBuildersCountWhereverTheyAreNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("machines"),
            "# a comment\nssh-ng://two riscv64-linux,riscv32-linux /key 4 2 - -\n\n");
    Machine machine = machine("ssh://one aarch64-linux ; ssh://own - ; @" + file);
    assertThat(machine.platform()).isEqualTo(new SystemPlatform("x86_64-linux"));
    assertThat(machine.buildable())
        .containsExactlyInAnyOrder(
            "x86_64-linux", "i686-linux", "aarch64-linux", "riscv64-linux", "riscv32-linux");
    assertThat(machine.runs(new SystemPlatform("i686-linux"))).isTrue();
    assertThat(machine.runs(new SystemPlatform("aarch64-linux"))).isFalse();
  }

  @Test
  void aFileOfBuildersThatIsNotThereIsNone() {
    assertThat(machine("@/nonexistent/machines").buildable())
        .containsExactlyInAnyOrder("x86_64-linux", "i686-linux");
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "auto, true",
    "daemon, true",
    "local, true",
    "unix:///run/nix, true",
    "ssh-ng://builder, false",
    "https://cache.example.org, false",
  })
  void onlyThisMachinesStoreTakesItsRoom(String store, boolean own) {
    var config = JsonMapper.builder().build().createObjectNode();
    config.putObject("system").put("value", "x86_64-linux");
    config.putObject("store").put("value", store);
    assertThat(Machine.of(config, false).ownStore()).isEqualTo(own);
    assertThat(Machine.of(config, false).frugal()).isFalse();
    config.putObject("min-free").put("value", 1 << 20);
    assertThat(Machine.of(config, false).frugal()).isTrue();
    config.putObject("min-free").put("value", 0);
    config.putObject("auto-optimise-store").put("value", true);
    assertThat(Machine.of(config, false).frugal()).isTrue();
  }

  @Test
  void whatEveryNixHasBuiltInIsForeignNowhere() {
    Machine machine = machine("");
    assertThat(machine.canBuild(new DerivationFile(List.of(), "builtin", "builtin:fetchurl")))
        .isTrue();
    assertThat(machine.canBuild(new DerivationFile(List.of(), "riscv64-linux", "builtin:fetchurl")))
        .isTrue();
    assertThat(machine.canBuild(new DerivationFile(List.of(), "i686-linux", "/bin/sh"))).isTrue();
    assertThat(machine.canBuild(new DerivationFile(List.of(), "riscv64-linux", "/bin/sh")))
        .isFalse();
  }

  @Test
  void aDerivationIsReadThroughItsQuotes() throws IOException {
    String text =
        """
        Derive([("dev","/nix/store/ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-a-dev","",""),\
        ("out","/nix/store/gpwkq7wvlqn5h0xqcrr21d4bq5gz2xdy-a","r:sha256","00"),\
        ("floating","","r:sha256","")],\
        [("/nix/store/z.drv",["out","],\\"["])],["/nix/store/s"],"riscv64-linux","/bin/\\"sh",\
        ["-c","])"],[("name","a")])""";
    assertThat(DerivationFile.parse(text))
        .isEqualTo(
            new DerivationFile(
                List.of(
                    new Output(StorePath.parse("ky7ji06xy1r5xnpmn41hw8mz3ma5a75j-a-dev"), false),
                    new Output(StorePath.parse("gpwkq7wvlqn5h0xqcrr21d4bq5gz2xdy-a"), true)),
                "riscv64-linux",
                "/bin/\"sh"));
    for (String bad : new String[] {"", "Derive(", text.substring(0, 60), "Derive([],[],[],7"}) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> DerivationFile.parse(bad)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aSandboxIsWantedUnlessItIsSwitchedOff() {
    var json = JsonMapper.builder().build();
    String config =
        """
        {"system":{"value":"x86_64-linux"},"sandbox":{"value":%s}}""";
    assertThat(Machine.of(json.readTree(config.formatted("true")), false).sandbox()).isTrue();
    assertThat(Machine.of(json.readTree(config.formatted("\"relaxed\"")), false).sandbox())
        .isTrue();
    assertThat(Machine.of(json.readTree(config.formatted("false")), false).sandbox()).isFalse();
  }

  @Test
  void aDaemonOutsideIsAskedForASandboxWhateverTheContainerSays() {
    var config =
        JsonMapper.builder()
            .build()
            .readTree(
                """
                {"system":{"value":"x86_64-linux"},"sandbox":{"value":false}}""");
    Machine outside = Machine.of(config, true);
    assertThat(outside.wantsSandbox()).isTrue();
    assertThat(Machine.of(config, false).wantsSandbox()).isFalse();
    assertThat(smokeOn(outside).sandbox(true))
        .containsExactlyInAnyOrderEntriesOf(Map.of("sandbox", "true", "sandbox-fallback", "false"));
    assertThat(smokeOn(outside).sandbox(false)).isEmpty();
    assertThat(smokeOn(Machine.of(config, false)).sandbox(false)).containsEntry("sandbox", "false");
  }

  private static Smoke smokeOn(Machine machine) {
    return new Smoke(new NixProgram(NixSettings.DEFAULT), machine, event -> {});
  }

  @Test
  void whereNoEmulatorCanBeSeenAProgramShowsIt() {
    String own = System.getProperty("os.arch").replace("amd64", "x86_64");
    // of its own programs the kernel's list knows nothing
    assertThat(Emulation.runs(new SystemPlatform(own + "-linux"))).isTrue();
    assertThat(Emulation.runs(new SystemPlatform("vax-linux"))).isFalse();
    assertThat(Emulation.runs(new SystemPlatform(own + "-darwin"))).isFalse();
  }

  @Test
  void anEmulatorCountsWhenItIsEnabled() throws IOException {
    var riscv = new SystemPlatform("riscv64-linux");
    assertThat(Emulation.handlerFor(riscv, folder)).isEmpty();
    Files.writeString(folder.resolve("status"), "enabled\n");
    Files.writeString(
        folder.resolve("qemu-riscv64"), "enabled\ninterpreter /usr/bin/qemu-riscv64\nflags: OCF\n");
    Files.writeString(folder.resolve("qemu-arm"), "disabled\ninterpreter /usr/bin/qemu-arm\n");
    Files.writeString(
        folder.resolve("aarch64-linux"), "enabled\ninterpreter /run/binfmt/a64\nflags: OC\n");
    assertThat(Emulation.handlerFor(riscv, folder))
        .contains(new Emulation.Handler(Optional.of(Path.of("/usr/bin/qemu-riscv64")), true));
    assertThat(Emulation.handlerFor(new SystemPlatform("armv7l-linux"), folder)).isEmpty();
    assertThat(Emulation.handlerFor(new SystemPlatform("aarch64-linux"), folder))
        .contains(new Emulation.Handler(Optional.of(Path.of("/run/binfmt/a64")), false));
    assertThat(Emulation.handlerFor(new SystemPlatform("riscv64-darwin"), folder)).isEmpty();
    Files.writeString(folder.resolve("status"), "disabled\n");
    assertThat(Emulation.handlerFor(riscv, folder)).isEmpty();
  }
}
