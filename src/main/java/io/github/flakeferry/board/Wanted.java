package io.github.flakeferry.board;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.PublicKey;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/** Which system a board is to run. */
public sealed interface Wanted {
  /**
   * One that was built elsewhere.
   *
   * @param platform what it was built for
   * @param closure the system and all it refers to, with signatures
   * @param bootFiles what its boot loader needs of it; empty where that is not known
   * @param caches where the board may find its paths, best first
   * @param signers whose signature the system must carry; empty: nobody's, which only a board that
   *     is root's takes
   */
  record Incoming(
      StorePath system,
      SystemPlatform platform,
      List<PathInfo> closure,
      List<BootFile> bootFiles,
      List<URI> caches,
      List<PublicKey> signers)
      implements Wanted {
    public Incoming {
      closure = List.copyOf(closure);
      bootFiles = List.copyOf(bootFiles);
      caches = List.copyOf(caches);
      signers = List.copyOf(signers);
      if (closure.stream().noneMatch(info -> info.path().equals(system))) {
        throw new IllegalArgumentException("the closure lacks its own root, " + system);
      }
    }
  }

  /**
   * One that the board has had.
   *
   * @param number of the generation of its profile; empty: the one before the profile's present one
   */
  record Generation(OptionalInt number) implements Wanted {}

  /**
   * What the board ran before an earlier deployment.
   *
   * @param run the token of that deployment
   */
  record Before(String run) implements Wanted {}

  /** The system of its profile: what it runs when nobody borrows it. */
  record OfProfile() implements Wanted {}

  /**
   * A file that the boot loader's installation copies to {@code /boot}, unless it is there already.
   *
   * @param path with links resolved: {@code /nix/store/…-linux-6.12/Image}
   * @param bytes its size
   */
  record BootFile(String path, long bytes) {}
}
