package io.github.flakeferry;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(
    packages = "io.github.flakeferry",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "io.github.flakeferry.";

  @ArchTest
  static final ArchRule dependenciesRunOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cli")
          .definedBy(ROOT + "cli..")
          .layer("testbed")
          .definedBy(ROOT + "testbed..")
          .layer("pipeline")
          .definedBy(ROOT + "pipeline..")
          .layer("fleet")
          .definedBy(ROOT + "fleet..")
          .layer("source")
          .definedBy(ROOT + "source..")
          .layer("nix")
          .definedBy(ROOT + "nix..")
          .layer("cache")
          .definedBy(ROOT + "cache..")
          .layer("board")
          .definedBy(ROOT + "board..")
          .layer("forge")
          .definedBy(ROOT + "forge..")
          .layer("report")
          .definedBy(ROOT + "report..")
          .layer("support")
          .definedBy(ROOT + "support..")
          .layer("model")
          .definedBy(ROOT + "model..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("testbed")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("testbed")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("pipeline")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("fleet")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("source")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("nix")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("cache")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("board")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("forge")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("report")
          .mayOnlyAccessLayers("support", "model")
          .whereLayer("support")
          .mayOnlyAccessLayers("model")
          .whereLayer("model")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule noPackageCycles =
      slices().matching(ROOT + "(**)").should().beFreeOfCycles();

  @ArchTest static final ArchRule jgitStaysInItsPackage = only("source", "org.eclipse.jgit..");

  @ArchTest
  static final ArchRule okHttpStaysWhereHttpIsSpoken =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "support.http..", ROOT + "cache..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("okhttp3..", "okio..");

  @ArchTest static final ArchRule sshjStaysInItsPackage = only("board", "net.schmizz..");

  @ArchTest static final ArchRule picocliStaysInItsPackage = only("cli", "picocli..");

  @ArchTest static final ArchRule jlineStaysInItsPackage = only("cli.terminal", "org.jline..");

  private static ArchRule only(String home, String... libraries) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + home + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .allowEmptyShould(true);
  }
}
