package io.github.flakeferry.forge.actions;

import io.github.flakeferry.forge.RunContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In what a forge of this family differs from the others. */
public interface Dialect {
  /** What people call it. */
  String name();

  /** What every request wants. */
  Map<String, String> headers();

  /**
   * Asks for a page of a list.
   *
   * @param number from 1
   * @return the end of a query, without a mark before it
   */
  String page(int number);

  /**
   * Whether a list that links to no further page is at its end. Where it may not be, it is read up
   * to a page that has nothing.
   */
  boolean linksPages();

  /** Whether comments come in pages; else all come at once. */
  boolean pagesComments();

  /** Whether that is the account by which jobs write with their own token. */
  boolean isJobAccount(Author author);

  /** Asks for the pull requests that are open, those first that were opened first: a query. */
  String openPullRequests();

  /** The field of a status that has its state. */
  String statusField();

  /**
   * What happened to a pull request, in GitHub's words.
   *
   * @param action in the forge's
   * @param draft whether it is a draft now
   */
  String pullRequestAction(String action, boolean draft);

  /** The variable whose number stands in the address of a run's page. */
  String runNumber();

  /** Whether that address names the attempt, and its number is the one to ask for the run by. */
  boolean tellsOfRuns();

  /** What this forge has a place for. */
  List<Kind> kinds();

  /** What people can do where the token may not write these; follows a colon. */
  String remedy(List<Kind> kinds);

  /** What the token may lack where pull requests can't be read. */
  String neededToRead();

  /** What it has a place for beyond statuses and comments. */
  Optional<Extras> extras(RunContext run, RunPages pages);
}
