package io.github.flakeferry.board.delta;

import static io.github.flakeferry.board.delta.Paths.old;
import static io.github.flakeferry.board.delta.Paths.path;
import static io.github.flakeferry.board.delta.Paths.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.PathInfo;
import io.github.flakeferry.model.StorePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PiecesTest {
  private static final long MOST = 100_000_000;
  private static final long LARGE = 2_000_000;

  private static List<Piece> pieces(List<PathInfo> ordered, OldPath... old) {
    return Pieces.of(ordered, new References(List.of(old), MOST));
  }

  private static List<List<String>> names(List<Piece> pieces) {
    return pieces.stream()
        .map(p -> p.paths().stream().map(info -> info.path().name()).toList())
        .toList();
  }

  @Test
  void smallOnesGoTogetherWithAllTheirReferences() {
    OldPath shared = old("a-1", 50);
    List<Piece> pieces =
        pieces(
            List.of(wanted("a-2", 100), wanted("a-3", 100), wanted("b", 100)), shared, old("b", 9));

    assertThat(names(pieces)).containsExactly(List.of("a-2", "a-3", "b"));
    assertThat(pieces.getFirst().references()).containsExactly(shared, old("b", 9));
    assertThat(pieces.getFirst().referenceSize()).isEqualTo(59);
    assertThat(pieces.getFirst().narSize()).isEqualTo(300);
  }

  @Test
  void aLargeOneGoesAloneAndDoesNotPartThoseBesideIt() {
    assertThat(names(pieces(List.of(wanted("a", 1), wanted("large", LARGE), wanted("b", 1)))))
        .containsExactly(List.of("large"), List.of("a", "b"));
  }

  @Test
  void aLargeOneComesAfterTheSmallOnesThatItRefersTo() {
    assertThat(
            names(
                pieces(
                    List.of(
                        wanted("a", 1), wanted("large", LARGE, path("a", '0')), wanted("b", 1)))))
        .containsExactly(List.of("a"), List.of("large"), List.of("b"));
  }

  @Test
  void aSmallOneWithALargeReferenceGoesAlone() {
    assertThat(names(pieces(List.of(wanted("a", 1), wanted("b", 1)), old("b", LARGE))))
        .containsExactly(List.of("b"), List.of("a"));
  }

  @Test
  void aPieceOfSmallOnesIsNotLarge() {
    List<PathInfo> many =
        IntStream.range(0, 30).mapToObj(i -> wanted("p" + i, Pieces.TOGETHER / 10)).toList();

    assertThat(pieces(many)).hasSize(3).allSatisfy(p -> assertThat(p.paths()).hasSize(10));
  }

  // as a store takes them: whatever a piece refers to is in it before, or came with one before
  @Test
  void noReferrerComesBeforeItsReferencesInAnyClosure() {
    var random = new Random(5);
    for (int round = 0; round < 50; round++) {
      var closure = new ArrayList<PathInfo>();
      for (int i = 0; i < 60; i++) {
        StorePath[] references =
            closure.stream()
                .filter(info -> random.nextInt(10) == 0)
                .map(PathInfo::path)
                .toArray(StorePath[]::new);
        closure.add(wanted("p" + i, random.nextInt(4) == 0 ? LARGE : 500_000, references));
      }
      Set<StorePath> store = new HashSet<>();
      for (Piece piece : pieces(closure, old("p7", 3_000_000), old("p8", 20))) {
        for (PathInfo info : piece.paths()) {
          assertThat(store).containsAll(info.references());
          store.add(info.path());
        }
      }
      assertThat(store).hasSize(60);
    }
  }

  @Test
  void whatArrivedIsLeftOutAndTheOtherPiecesStayAsTheyWere() {
    List<PathInfo> all = List.of(wanted("a", 1), wanted("b", 1), wanted("large", LARGE));
    List<Piece> planned = pieces(all, old("b", 3), old("large", 5));

    List<Piece> left = Pieces.left(planned, all.subList(1, 3), Set.of());

    assertThat(left)
        .containsExactly(planned.getFirst(), new Piece(List.of(all.get(1)), List.of(old("b", 3))));
    assertThat(Pieces.left(planned, List.of(), Set.of())).isEmpty();
  }

  @Test
  void aReferenceThatIsNoGoodIsUsedByNoPiece() {
    List<PathInfo> all = List.of(wanted("a", 1), wanted("large", LARGE));
    List<Piece> planned = pieces(all, old("a", 3), old("large", 5));

    List<Piece> left = Pieces.left(planned, all, Set.of(old("large", 5)));

    assertThat(left).containsExactly(Piece.of(all.get(1)), planned.get(1));
  }
}
