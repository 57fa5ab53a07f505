package io.github.flakeferry.pipeline;

import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.source.GitSource;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the commit of a branch or tag that somebody named. */
final class WishedRef {
  private WishedRef() {}

  /** Whether what was named is a commit by its id. A branch that is called so is never meant. */
  static boolean isCommit(String name) {
    return name.matches("[0-9a-f]{40}");
  }

  /**
   * The event as if it had happened there.
   *
   * @throws Refused if the repository has no such branch or tag
   */
  static Event.Dispatched found(Event.Dispatched event, GitSource source) {
    Optional<String> name = event.wish().ref();
    if (name.isEmpty() || event.wish().pullRequest().isPresent()) {
      return event;
    }
    if (isCommit(name.get())) {
      return new Event.Dispatched(
          event.repository(), event.ref(), new GitRevision(name.get()), event.wish());
    }
    Stream<String> refs =
        name.get().startsWith("refs/")
            ? Stream.of(name.get())
            : Stream.of("refs/heads/" + name.get(), "refs/tags/" + name.get());
    return refs.flatMap(
            ref ->
                source.find(ref).stream()
                    .map(
                        commit ->
                            new Event.Dispatched(event.repository(), ref, commit, event.wish())))
        .findFirst()
        .orElseThrow(() -> Refused.noSuchRef(name.get()));
  }
}
