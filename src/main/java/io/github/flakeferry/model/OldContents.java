package io.github.flakeferry.model;

import java.util.Collection;

/** Where the NARs come from of paths that boards have, which this machine may never have had. */
public interface OldContents extends ContentSource {
  /** Has them ready as far as they can be had, and blocks until then. */
  void fetch(Collection<StorePath> paths);

  /** What is there without being fetched. */
  static OldContents in(ContentSource contents) {
    return new OldContents() {
      @Override
      public void fetch(Collection<StorePath> paths) {
        // it is there or it is not
      }

      @Override
      public void writeNar(StorePath path, java.io.OutputStream to) throws java.io.IOException {
        contents.writeNar(path, to);
      }
    };
  }
}
