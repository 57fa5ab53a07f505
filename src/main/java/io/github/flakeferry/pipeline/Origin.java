package io.github.flakeferry.pipeline;

import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Path;

/** Where systems come from, once it is known which ones they are. */
interface Origin {
  /** This machine builds them, and tries what is to be tried of them. */
  Origin BUILT_HERE =
      new Origin() {
        @Override
        public void check(Systems evaluated, Path roots, Progress progress) {
          evaluated.fetchOrRefuse(roots, progress);
        }

        @Override
        public void bring(
            Systems evaluated, Path roots, Publication publication, Progress progress) {
          Stage.of("Build", progress)
              .run(
                  () -> {
                    try (var asBuilt = publication.asBuilt(evaluated)) {
                      evaluated.nix().build(evaluated.all(), roots, asBuilt::ended);
                    }
                  });
          if (!evaluated.tests().isEmpty()) {
            Stage.of("Smoke test", progress).run(() -> evaluated.nix().smoke(evaluated.tests()));
          }
        }
      };

  /**
   * Makes sure that they can be had; nothing is built yet.
   *
   * @param roots as in {@link #bring}
   * @throws io.github.flakeferry.model.Failure if they can't be
   */
  void check(Systems evaluated, Path roots, Progress progress);

  /**
   * Has this machine's store hold them and all that they refer to.
   *
   * @param roots a folder for links that keep them from the collector
   * @param publication gets what is built meanwhile
   */
  void bring(Systems evaluated, Path roots, Publication publication, Progress progress);
}
