package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.ExportedClosure;
import io.github.flakeferry.fleet.Audience;
import io.github.flakeferry.forge.RunContext;
import io.github.flakeferry.model.GitRevision;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.nix.Nix;
import io.github.flakeferry.pipeline.handover.BuildRecord;
import io.github.flakeferry.pipeline.handover.BuildRecord.RecordedSystem;
import io.github.flakeferry.pipeline.handover.RecordJson;
import io.github.flakeferry.support.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code flakeferry build}: what another job will deploy is built, and left for it in a folder,
 * unsigned. No board is asked and no status is set: that is the other job's.
 */
final class BuildRun {
  private final Work work;
  private final Reporter reporter;
  private final HandedOver files;

  BuildRun(Work work, Reporter reporter, HandedOver files) {
    this.work = work;
    this.reporter = reporter;
    this.files = files;
  }

  Verdict build(Plan plan) {
    if (plan instanceof Plan.Sweep) {
      throw Refused.sweepsInOneJob();
    }
    refuseUsedFolder();
    work.forge().output("matrix", MatrixJson.render(Matrix.of(plan)));
    Plan ours = buildOnly(plan);
    reporter.plannedSilently(ours);
    Optional<Systems> systems =
        switch (ours) {
          case Plan.BuildOnly buildOnly -> {
            work.progress().note(buildOnly.why() + ".");
            // without secrets, whoever's build it is
            yield Optional.of(work.build(buildOnly, Audience.PULL_REQUESTS, Publication.NONE));
          }
          default -> Optional.empty();
        };
    // also where nothing is built: the other job wants a record whatever the event
    handOver(plan, systems);
    return reporter.finish(
        systems.isPresent() ? Verdict.success() : Verdict.nothingToDo(), Optional.empty());
  }

  private static Plan buildOnly(Plan plan) {
    return switch (plan) {
      case Plan.Nothing nothing -> nothing;
      case Plan.BuildOnly buildOnly -> buildOnly;
      case Plan.Deploy deploy -> deploy.buildOnly("another job deploys it");
      case Plan.Preview preview -> preview.buildOnly("another job deploys it");
      case Plan.GiveBack giveBack ->
          new Plan.Nothing("a board is given back without anything being built");
      case Plan.Sweep sweep -> sweep;
    };
  }

  private void refuseUsedFolder() {
    Path folder = files.closure();
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> there = Files.list(folder)) {
      if (there.findAny().isPresent()) {
        throw Refused.exportNotEmpty(folder);
      }
    } catch (IOException e) {
      throw Refused.cantHandOver(folder, e);
    }
  }

  private void handOver(Plan plan, Optional<Systems> systems) {
    var paths = new TreeMap<String, PathInfo>();
    systems.ifPresent(
        built ->
            built.all().stream()
                .flatMap(system -> built.closure(system).stream())
                .forEach(info -> paths.put(info.path().baseName(), info.unsigned())));
    List<PathInfo> closure = List.copyOf(paths.values());
    Stage.of("Export", work.progress())
        .run(
            () ->
                new ExportedClosure(files.closure())
                    .write(closure, Nix.contents(), work.progress()));
    try {
      RecordJson.write(record(plan, systems, closure), files.record());
    } catch (IOException e) {
      throw Refused.cantHandOver(files.record(), e);
    }
    work.progress()
        .note(
            "%s says what is in %s: %s, %s unpacked"
                .formatted(
                    files.record(),
                    files.closure(),
                    Words.count(closure.size(), "path"),
                    Words.bytes(closure.stream().mapToLong(PathInfo::narSize).sum())));
  }

  private BuildRecord record(Plan plan, Optional<Systems> systems, List<PathInfo> closure) {
    RunContext run = work.forge().run();
    Optional<Plan.Content> content = plan.content();
    Optional<GitRevision> commit = content.map(Plan.Content::commit);
    return new BuildRecord(
        run.repository().fullName(),
        run.runId(),
        BuildRecord.attempt(run),
        work.source().knownTip(), // the one whose policy counted, hours ago perhaps
        commit,
        content.map(Plan.Content::ref),
        systems.stream()
            .flatMap(built -> built.byConfiguration().entrySet().stream())
            .map(
                e ->
                    new RecordedSystem(
                        e.getKey(),
                        e.getValue().configuration(),
                        e.getValue().derivation(),
                        e.getValue().toplevel()))
            .toList(),
        closure);
  }
}
