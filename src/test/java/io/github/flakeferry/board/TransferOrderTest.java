package io.github.flakeferry.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.Sha256;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TransferOrderTest {
  private static StorePath path(int number) {
    return new StorePath("0".repeat(32), "p" + number);
  }

  private static PathInfo info(int number, Integer... references) {
    return new PathInfo(
        path(number),
        Sha256.of(new byte[32]),
        100,
        Arrays.stream(references)
            .map(TransferOrderTest::path)
            .collect(Collectors.toCollection(TreeSet::new)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void referencesComeBeforeTheirReferrersWhateverTheOrderGiven() {
    var infos = new ArrayList<PathInfo>();
    var random = new Random(7);
    for (int i = 0; i < 200; i++) {
      // itself too, as most paths do
      infos.add(i == 0 ? info(0) : info(i, i, random.nextInt(i), random.nextInt(i)));
    }
    Collections.shuffle(infos, random);

    List<PathInfo> ordered = TransferOrder.of(infos);

    assertThat(ordered).containsExactlyInAnyOrderElementsOf(infos);
    var before = new HashSet<StorePath>();
    for (PathInfo each : ordered) {
      before.add(each.path());
      assertThat(before).containsAll(each.references());
    }
  }

  @Test
  void aVeryLongChainIsNoTroubleForTheStack() {
    var chain = new ArrayList<PathInfo>();
    chain.add(info(0));
    for (int i = 1; i < 50_000; i++) {
      chain.add(info(i, i - 1));
    }
    Collections.reverse(chain);

    assertThat(TransferOrder.of(chain)).isEqualTo(chain.reversed());
  }
}
