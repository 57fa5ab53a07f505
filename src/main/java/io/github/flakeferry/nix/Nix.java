package io.github.flakeferry.nix;

import io.github.flakeferry.model.Closure;
import io.github.flakeferry.model.ClosureDifference;
import io.github.flakeferry.model.ContentSource;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.model.SystemPlatform;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;
import java.util.List;

/** Everything the rest of us asks of Nix. */
@SuppressWarnings("DoNotCallSuggester") // until the methods are there
public final class Nix {
  @SuppressWarnings("unused")
  public Nix(NixSettings settings, Progress progress) {}

  /** What this machine's Nix builds for natively. */
  public SystemPlatform platform() {
    throw new UnsupportedOperationException();
  }

  /** The flake of a checkout at a commit. @throws EvaluationFailed if there is none */
  public Flake flake(Path checkout, GitRevision revision, boolean submodules) {
    throw new UnsupportedOperationException();
  }

  public List<String> configurations(Flake flake) {
    return List.of();
  }

  public EvaluatedSystem evaluate(Flake flake, String configuration) {
    throw new UnsupportedOperationException();
  }

  public List<ForeignDerivation> foreignDerivations(EvaluatedSystem system) {
    throw new UnsupportedOperationException();
  }

  public void build(List<EvaluatedSystem> systems, Path rootsFolder) {
    throw new UnsupportedOperationException();
  }

  public List<PathInfo> closure(StorePath root) {
    throw new UnsupportedOperationException();
  }

  public boolean isValid(StorePath path) {
    throw new UnsupportedOperationException();
  }

  public void keep(StorePath path, Path link) {
    throw new UnsupportedOperationException();
  }

  public ContentSource contents() {
    throw new UnsupportedOperationException();
  }

  public static ClosureDifference difference(Closure old, Closure now) {
    return new ClosureDifference(List.of(), old.bytes(), now.bytes());
  }
}
