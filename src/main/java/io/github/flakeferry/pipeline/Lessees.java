package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.model.terms.LeaseTerms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether those still need their boards who have some. The forge is asked once about each. */
final class Lessees {
  private static final Pattern NUMBER = Pattern.compile("(.+)#([1-9][0-9]{0,17})");

  private final Forge forge;
  private final Map<String, Boolean> over = new HashMap<>();

  Lessees(Forge forge) {
    this.forge = forge;
  }

  /**
   * Whether the forge says that this owner's pull request is closed. What it does not tell, or is
   * another repository's, is taken for open.
   *
   * @param owner as the board says it, which may be anything
   */
  synchronized boolean isOver(String owner) {
    return over.computeIfAbsent(owner, this::ask);
  }

  private boolean ask(String owner) {
    return number(owner).flatMap(forge::pullRequest).filter(now -> !now.open()).isPresent();
  }

  /** The pull request of this repository that an owner is; empty for any other. */
  Optional<Long> number(String owner) {
    Matcher parts = NUMBER.matcher(owner);
    return LeaseTerms.isOwner(owner)
            && parts.matches()
            && parts.group(1).equals(forge.run().repository().fullName())
        ? Optional.of(Long.parseLong(parts.group(2)))
        : Optional.empty();
  }
}
