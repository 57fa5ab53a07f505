package io.github.flakeferry.cli;

import io.github.flakeferry.model.Secret;
import io.github.flakeferry.model.SigningKey;
import io.github.flakeferry.support.PrivateFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flakeferry key generate}. */
@Command(
    name = "generate",
    description =
        "Makes a key: its secret half into a file that only you can read, its public half on the"
            + " standard output.")
final class KeyGenerateCommand implements Callable<Integer> {
  // what Nix takes up to the colon; the rest would be in the way on command lines and in file names
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @Parameters(
      paramLabel = "NAME",
      description = "Whose key it is and which one, such as cache.example.org-1.")
  private String name = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the secret half goes. Default: NAME.sec.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    if (!NAME.matcher(name).matches()) {
      throw new BadInput(
          "NAME", "'" + name + "' has more in it than letters, digits, dots, hyphens and _");
    }
    SigningKey key = SigningKey.generate(name);
    Path to = file == null ? Path.of(name + ".sec") : file;
    write(key, to);
    out.println(key.publicKey());
    err.println(
        """
        The secret half is in %1$s: give it as the secret signing-key, and keep no other copy.
        The public half belongs to the cache in flakeferry.yml (public-key), and into each board's configuration:
          nix.settings.trusted-public-keys = [ "%2$s" ];"""
            .formatted(to, key.publicKey()));
    return 0;
  }

  private static void write(SigningKey key, Path to) {
    try {
      PrivateFile.write(to, new Secret(key.export().reveal() + "\n"));
    } catch (FileAlreadyExistsException e) {
      throw new BadInput(
          "--out", to + " is there already, and no key is overwritten: name another file");
    } catch (IOException e) {
      throw new BadInput("--out", to + " can't be written: " + e);
    }
  }
}
