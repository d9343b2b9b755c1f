package dev.tau.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows one way; the rule is written down in docs/architecture.md. */
@AnalyzeClasses(packages = "dev.tau.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DATA_FLOWS_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.tau.jobs..")
            .layer("tool")
            .definedBy("dev.tau.jobs.tool..")
            .layer("view")
            .definedBy("dev.tau.jobs.view..")
            .layer("runtime")
            .definedBy("dev.tau.jobs.runtime..")
            .layer("gate")
            .definedBy("dev.tau.jobs.gate..")
            .layer("config")
            .definedBy("dev.tau.jobs.config..")
            .layer("store")
            .definedBy("dev.tau.jobs.store..")
            .layer("process")
            .definedBy("dev.tau.jobs.process..")
            .layer("trace")
            .definedBy("dev.tau.jobs.trace..")
            .layer("json")
            .definedBy("dev.tau.jobs.json..")
            .layer("job")
            .definedBy("dev.tau.jobs.job..")
            .layer("spi")
            .definedBy("dev.tau.jobs.spi..")
            .layer("file")
            .definedBy("dev.tau.jobs.file..")
            .layer("monitor")
            .definedBy("dev.tau.jobs.monitor..")
            .whereLayer("monitor")
            .mayOnlyBeAccessedByLayers("runtime")
            .whereLayer("monitor")
            .mayOnlyAccessLayers("job", "file")
            .whereLayer("tool")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("view")
            .mayOnlyBeAccessedByLayers("tool")
            .whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("tool")
            .whereLayer("gate")
            .mayOnlyBeAccessedByLayers("tool")
            .whereLayer("gate")
            .mayOnlyAccessLayers("config", "spi")
            .whereLayer("process")
            .mayOnlyBeAccessedByLayers("runtime")
            .whereLayer("trace")
            .mayOnlyBeAccessedByLayers("runtime")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("runtime", "view")
            .whereLayer("file")
            .mayOnlyBeAccessedByLayers("store", "process", "trace", "runtime", "monitor")
            .whereLayer("file")
            .mayNotAccessAnyLayer()
            .whereLayer("job")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule ONLY_THE_CODEC_KNOWS_A_JSON_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tau.jobs.json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "jakarta.json..");

    @ArchTest
    static final ArchRule WALL_TIME_COMES_IN_THROUGH_CONSTRUCTORS = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);
}
