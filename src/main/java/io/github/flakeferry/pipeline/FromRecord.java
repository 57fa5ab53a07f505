package io.github.flakeferry.pipeline;

import io.github.flakeferry.cache.ExportedClosure;
import io.github.flakeferry.model.Mismatch;
import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import io.github.flakeferry.nix.EvaluatedSystem;
import io.github.flakeferry.pipeline.handover.BuildRecord;
import io.github.flakeferry.pipeline.handover.BuildRecord.RecordedSystem;
import io.github.flakeferry.pipeline.handover.RecordReader;
import io.github.flakeferry.pipeline.handover.RecordRefused;
import io.github.flakeferry.support.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Systems that another job built. Nothing of them is taken on trust that can be known: whose they
 * are, what the commit evaluates to, and that each path is what the record says. What a builder put
 * into a path can't be known.
 */
final class FromRecord implements Origin {
  private final HandedOver files;
  private final BuildRecord record;

  private FromRecord(HandedOver files, BuildRecord record) {
    this.files = files;
    this.record = record;
  }

  /**
   * Reads what was handed over and holds it against this run and its plan.
   *
   * @throws RecordRefused with all that is amiss
   */
  static Origin checked(HandedOver files, Plan plan, Work work) {
    return switch (plan) {
      case Plan.BuildOnly(var source, var configurations, var _, var why) ->
          throw Refused.nothingToDeploy(why);
      case Plan.Sweep sweep -> throw Refused.sweepsInOneJob();
      // nothing is built for these
      case Plan.Nothing nothing -> BUILT_HERE;
      case Plan.GiveBack giveBack -> BUILT_HERE;
      case Plan.Deploy deploy -> checked(files, deploy.source(), deploy.configurations(), work);
      case Plan.Preview preview -> checked(files, preview.source(), preview.configurations(), work);
    };
  }

  private static Origin checked(
      HandedOver files, Plan.Content content, List<String> configurations, Work work) {
    return Stage.of("Check what was built", work.progress())
        .run(
            () -> {
              BuildRecord record = RecordReader.read(files.record());
              var all = new ArrayList<Mismatch>();
              all.addAll(
                  record.differences(
                      work.forge().run(), content.commit(), content.ref(), configurations));
              all.addAll(record.contradictions());
              all.addAll(
                  new ExportedClosure(files.closure())
                      .compare(record.paths(), record.closure(configurations).keySet()));
              if (!all.isEmpty()) {
                throw RecordRefused.notOurs(files.record(), all);
              }
              var tip = work.source().knownTip();
              if (!tip.equals(record.policy())) {
                work.progress()
                    .note(
                        "the policy was read from %s when it was built, and from %s now"
                            .formatted(record.policy().abbreviated(), tip.abbreviated()));
              }
              return new FromRecord(files, record);
            });
  }

  @Override
  public void check(Systems evaluated, Path roots, Progress progress) {
    var all = new ArrayList<Mismatch>();
    evaluated
        .byConfiguration()
        .forEach(
            (configuration, system) ->
                record
                    .system(configuration)
                    .ifPresentOrElse(
                        recorded -> all.addAll(differences(system, recorded)),
                        () -> all.add(new Mismatch(configuration, "a system", "none"))));
    if (!all.isEmpty()) {
      throw RecordRefused.evaluatedOtherwise(files.record(), all);
    }
    evaluated
        .nix()
        .room()
        .ifPresent(room -> room.expect("what is imported", bytesMissing(evaluated), progress));
  }

  private long bytesMissing(Systems evaluated) {
    return record.closure(evaluated.byConfiguration().keySet()).values().stream()
        .filter(info -> !Files.exists(info.path().path()))
        .mapToLong(PathInfo::narSize)
        .sum();
  }

  private static List<Mismatch> differences(EvaluatedSystem ours, RecordedSystem recorded) {
    var all = new ArrayList<Mismatch>();
    String of = " of " + recorded.configuration();
    same(all, "the attribute" + of, ours.configuration(), recorded.attribute());
    same(all, "the derivation" + of, ours.derivation(), recorded.derivation());
    same(all, "the system" + of, ours.toplevel(), recorded.toplevel());
    return all;
  }

  private static void same(List<Mismatch> all, String where, Object expected, Object found) {
    if (!expected.equals(found)) {
      all.add(new Mismatch(where, expected.toString(), found.toString()));
    }
  }

  @Override
  public void bring(Systems evaluated, Path roots, Publication publication, Progress progress) {
    Stage.of("Import", progress)
        .run(
            () -> {
              evaluated
                  .nix()
                  .importFrom(
                      files.closure(),
                      evaluated.all().stream().map(EvaluatedSystem::toplevel).toList(),
                      roots);
              compareStore(evaluated);
            });
  }

  /** The store may have had a path of that name before, and the folder may have changed since. */
  private void compareStore(Systems evaluated) {
    SortedMap<StorePath, PathInfo> expected = record.closure(evaluated.byConfiguration().keySet());
    var found = new TreeMap<StorePath, PathInfo>();
    evaluated.all().forEach(s -> evaluated.closure(s).forEach(i -> found.put(i.path(), i)));
    var all = new ArrayList<Mismatch>();
    expected.forEach((path, info) -> compare(all, info, found));
    found.keySet().stream()
        .filter(path -> !expected.containsKey(path))
        .forEach(path -> all.add(new Mismatch(path.toString(), "no such path", "a path")));
    if (!all.isEmpty()) {
      throw RecordRefused.storeDiffers(files.record(), all);
    }
  }

  private static void compare(
      List<Mismatch> all, PathInfo recorded, Map<StorePath, PathInfo> store) {
    PathInfo there = store.get(recorded.path());
    if (there == null) {
      all.add(new Mismatch(recorded.path().toString(), "a path of the closure", "none"));
      return;
    }
    String of = " of " + recorded.path();
    same(all, "the NAR hash" + of, recorded.narHash(), there.narHash());
    same(all, "the NAR size" + of, recorded.narSize(), there.narSize());
    same(all, "the references" + of, recorded.references(), there.references());
    same(all, "the content address" + of, recorded.contentAddress(), there.contentAddress());
  }
}
