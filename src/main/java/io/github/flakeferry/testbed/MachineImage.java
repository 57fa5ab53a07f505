package io.github.flakeferry.testbed;

import io.github.flakeferry.model.HostKey;
import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What whole machines start from, made once: a kernel, an initrd, and a disk which has the memory
 * of a machine that runs beside its files. All of them have one host key and one login key.
 *
 * @param folder where it lies
 */
record MachineImage(Path folder) {
  /** The programs that make and run it. */
  static final List<Tool> TOOLS = List.of(Tool.QEMU, Tool.QEMU_IMG, Tool.MKE2FS, Tool.XZ);

  /**
   * The image of this version; made when it is not there yet, which takes some minutes.
   *
   * @param cache the folder that keeps it from run to run
   * @param slot where the machine may run whose memory is kept
   */
  static MachineImage in(Path cache, BoardRoot roots, Slot slot, Progress progress)
      throws IOException {
    var all = new ArrayList<>(Resources.MACHINE);
    all.addAll(Resources.ROOT);
    all.addAll(Resources.NIXOS);
    var kept = new MadeOnce(cache.resolve("testbed").resolve(Resources.version(all)));
    Path recipe = kept.get("recipe", target -> Resources.unpack(all, target));
    Path made =
        kept.get(
            "machine",
            target -> {
              progress.note("making the disk of a whole machine: once, some minutes");
              Path programs = extracted(cache, recipe);
              script(recipe, "make-image.sh")
                  .and(target.toString(), recipe.toString(), programs.toString())
                  .and(roots.riscv64().toString(), roots.amd64().toString())
                  .run()
                  .orThrow();
              var unfinished = new MachineImage(target);
              Tool.QEMU_IMG
                  .command("create", "-q", "-f", "qcow2", "-F", "raw", "-b", "disk.ext4")
                  .and(unfinished.disk().toString())
                  .run()
                  .orThrow();
              unfinished.keepRunningMachine(slot);
            });
    return new MachineImage(made);
  }

  // what changes more rarely than the rest, and takes longest
  private static Path extracted(Path cache, Path recipe) throws IOException {
    return new MadeOnce(
            cache.resolve("testbed").resolve(Resources.version(List.of(Resources.EXTRACTION))))
        .get(
            "programs",
            target ->
                script(recipe, "extract.sh")
                    .and(target.toString(), BoardRoot.mirror())
                    .run()
                    .orThrow());
  }

  private static Command script(Path recipe, String name) {
    return Command.of("/bin/sh", recipe.resolve("machine").resolve(name).toString())
        .with("PATH", Tool.searchPath());
  }

  private void keepRunningMachine(Slot slot) throws IOException {
    var machine = new WholeMachine("image", this, disk(), slot);
    machine.start();
    machine.run("nix-store --version; systemd-run --wait true; journalctl --sync; sync").orThrow();
    machine.saveAndEnd();
  }

  Path kernel() {
    return folder.resolve("kernel");
  }

  Path initrd() {
    return folder.resolve("initrd");
  }

  private Path disk() {
    return folder.resolve("disk.qcow2");
  }

  LoginKey login() {
    return new LoginKey(folder.resolve("login"));
  }

  HostKey hostKey() throws IOException {
    return HostKey.parse(Files.readString(folder.resolve("host-key.pub")));
  }

  /** A disk of one machine's own, with all that is on this one. */
  Path copyDisk(Path to) throws IOException {
    Files.copy(disk(), to);
    // what lies below is shared, and named as it lies beside the original
    Tool.QEMU_IMG
        .command("rebase", "-u", "-F", "raw", "-b", folder.resolve("disk.ext4").toString())
        .and(to.toString())
        .run()
        .orThrow();
    return to;
  }
}
