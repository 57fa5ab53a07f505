package io.github.flakeferry.pipeline;

import io.github.flakeferry.forge.CheckResult;
import io.github.flakeferry.forge.CommitStatus;
import io.github.flakeferry.forge.DeploymentState;
import io.github.flakeferry.forge.EnvironmentRef;
import io.github.flakeferry.forge.Forge;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.forge.StatusState;
import io.github.flakeferry.model.Event;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PullRequest;
import io.github.flakeferry.model.PullRequestNow;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.progress.Progress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Keeps what it is told, in its order. */
final class RecordingForge implements Forge {
  private final Event event;
  private final List<String> told = new ArrayList<>();
  private final Map<String, String> last = new TreeMap<>();
  private final Map<String, String> outputs = new HashMap<>();
  private final Map<GitRevision, List<CommitStatus>> statuses = new HashMap<>();
  private final Map<Long, PullRequestNow> pullRequests = new HashMap<>();
  private final Set<GitRevision> untold = new HashSet<>();
  private final List<String> checks = new ArrayList<>();
  private final List<CheckResult.Annotation> annotations = new ArrayList<>();

  RecordingForge(Event event) {
    this.event = event;
  }

  List<String> told() {
    return told;
  }

  Map<String, String> outputs() {
    return outputs;
  }

  /** What it says from now on of a commit. */
  void has(GitRevision commit, CommitStatus status) {
    statuses.computeIfAbsent(commit, c -> new ArrayList<>()).add(status);
  }

  /** It will not say what statuses this commit has. */
  void hides(GitRevision commit) {
    untold.add(commit);
  }

  void has(PullRequest request, boolean open) {
    pullRequests.put(request.number(), new PullRequestNow(request, open));
  }

  /** The names of checks that were begun. */
  List<String> checks() {
    return checks;
  }

  List<CheckResult.Annotation> annotations() {
    return annotations;
  }

  /** What was last told to be under way. */
  List<String> open() {
    return last.entrySet().stream()
        .filter(e -> List.of("PENDING", "QUEUED", "IN_PROGRESS", "begun").contains(e.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void tell(String what, String state, String description) {
    told.add((what + " " + state + " " + description).strip());
    last.put(what, state);
  }

  @Override
  public Event event() {
    return event;
  }

  @Override
  public RunContext run() {
    return new RunContext(event.repository(), "1", "1", Optional.empty(), Optional.empty());
  }

  @Override
  public Optional<Secret> token() {
    return Optional.empty();
  }

  @Override
  public Optional<PullRequestNow> pullRequest(long number) {
    return Optional.ofNullable(pullRequests.get(number));
  }

  @Override
  public Optional<List<PullRequest>> openPullRequests() {
    return Optional.empty();
  }

  @Override
  public Optional<List<CommitStatus>> statuses(GitRevision commit) {
    return untold.contains(commit)
        ? Optional.empty()
        : Optional.of(List.copyOf(statuses.getOrDefault(commit, List.of())));
  }

  @Override
  public void status(GitRevision commit, String context, StatusState state, String description) {
    tell(context, state.name(), description);
  }

  @Override
  public void deployment(
      GitRevision commit,
      EnvironmentRef environment,
      DeploymentState state,
      String description,
      Optional<URI> url) {
    tell("deployment " + name(environment), state.name(), "");
  }

  private static String name(EnvironmentRef environment) {
    return environment.name() + environment.pullRequest().map(n -> "#" + n).orElse("");
  }

  @Override
  public void retire(EnvironmentRef environment, String description) {
    told.add("retire " + name(environment));
  }

  @Override
  public void checkBegun(GitRevision commit, String name, String title) {
    checks.add(name);
    tell("check", "begun", "");
  }

  @Override
  public void checkEnded(GitRevision commit, String name, CheckResult result) {
    tell("check", result.conclusion().name(), result.title());
    annotations.addAll(result.annotations());
  }

  @Override
  public void closeAbandoned(Collection<GitRevision> commits) {
    commits.forEach(commit -> told.add("close " + commit.abbreviated()));
  }

  @Override
  public void comment(long pullRequest, String marker, String markdown) {
    told.add("comment " + pullRequest + " " + marker);
  }

  @Override
  public void commentAgain(long pullRequest, String marker, String markdown) {
    told.add("comment again " + pullRequest + " " + marker);
  }

  @Override
  public void summary(String markdown) {
    told.add("summary");
  }

  @Override
  public void hurry() {
    told.add("hurry");
  }

  @Override
  public void output(String name, String value) {
    outputs.put(name, value);
  }

  @Override
  public Progress log() {
    return Progress.SILENT;
  }
}
