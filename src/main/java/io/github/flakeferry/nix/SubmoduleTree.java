package io.github.flakeferry.nix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A copy of a checkout with its submodules and without any {@code .git}. Given a Git repository
 * with submodules, Nix fetches them again from where they come from, without the credentials with
 * which they were checked out, and none from the local file system. So it gets the files instead.
 */
final class SubmoduleTree {
  private static final Path GIT = Path.of(".git");
  // Nix takes the newest time for the flake's `lastModified`: it must not depend on the checkout
  private static final FileTime TIME = FileTime.fromMillis(1000);

  private SubmoduleTree() {}

  /** Where it is: inside the checkout's {@code .git}, so that it goes when the checkout goes. */
  static Path in(Path checkout) {
    return checkout.resolve(GIT).resolve("flakeferry-tree");
  }

  /** Makes it, unless {@code .git} is only a file that names a folder elsewhere. */
  static void make(Path checkout) {
    if (!Files.isDirectory(checkout.resolve(GIT))) {
      return;
    }
    Path tree = in(checkout);
    try {
      delete(tree);
      Files.createDirectory(tree);
      Files.walkFileTree(checkout, new Copier(checkout, tree));
    } catch (IOException e) {
      throw new UncheckedIOException("the checkout can't be copied to " + tree, e);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException fault)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static final class Copier extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;

    Copier(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    private Path target(Path path) {
      return to.resolve(from.relativize(path));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (GIT.equals(folder.getFileName())) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (!folder.equals(from)) {
        Files.createDirectory(target(folder));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (GIT.equals(file.getFileName())) { // a submodule's: a file that names the real one
        return FileVisitResult.CONTINUE;
      }
      Path target = target(file);
      Files.copy(file, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
      if (!attributes.isSymbolicLink()) {
        Files.setLastModifiedTime(target, TIME);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path folder, @org.jspecify.annotations.Nullable IOException fault) throws IOException {
      Files.setLastModifiedTime(target(folder), TIME);
      return FileVisitResult.CONTINUE;
    }
  }
}
