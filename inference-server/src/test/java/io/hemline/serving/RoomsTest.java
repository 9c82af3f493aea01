package io.hemline.serving;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the dependencies between packages. Only the root package may use all of them. */
class RoomsTest {

    private static final String SERVING = "io.hemline.serving.";
    private static final String STORE = "io.hemline.store";

    /** Each package and the packages of the project that it may use. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("config", List.of()),
            Map.entry("core", List.of()),
            Map.entry("tensors", List.of(SERVING + "core", STORE)),
            Map.entry("security", List.of()),
            Map.entry("batch", List.of(SERVING + "core")),
            Map.entry("edge", List.of()),
            Map.entry("messaging", List.of(SERVING + "core")),
            Map.entry("cache", List.of(SERVING + "core")),
            Map.entry("features", List.of(SERVING + "core", SERVING + "config", STORE)),
            Map.entry("http", List.of(SERVING + "core", SERVING + "security")),
            Map.entry("forecasts", List.of(SERVING + "core", SERVING + "http")),
            Map.entry("pages", List.of(SERVING + "http")),
            Map.entry(
                    "oip",
                    List.of(SERVING + "core", SERVING + "tensors", SERVING + "http", SERVING + "security", STORE)),
            Map.entry("telemetry", List.of(SERVING + "core", SERVING + "http")),
            Map.entry("engine", List.of(SERVING + "core", SERVING + "tensors", SERVING + "batch", STORE)),
            Map.entry(
                    "lifecycle",
                    List.of(SERVING + "core", SERVING + "batch", SERVING + "engine", SERVING + "features", STORE)),
            Map.entry(
                    "rollout",
                    List.of(
                            SERVING + "core",
                            SERVING + "tensors",
                            SERVING + "batch",
                            SERVING + "engine",
                            SERVING + "features",
                            SERVING + "lifecycle",
                            STORE)),
            Map.entry(
                    "admin",
                    List.of(
                            SERVING + "core",
                            SERVING + "http",
                            SERVING + "security",
                            SERVING + "lifecycle",
                            SERVING + "rollout",
                            STORE)));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.hemline");

    @TestFactory
    Stream<DynamicTest> eachRoomKnowsOnlyItsNeighbours() {
        return ARROWS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(
                        room.getKey(),
                        () -> classes()
                                .that()
                                .resideInAPackage(SERVING + room.getKey() + "..")
                                .should()
                                .onlyDependOnClassesThat(allowed(room.getKey(), room.getValue()))
                                .allowEmptyShould(true)
                                .check(CLASSES)));
    }

    @Test
    void noRoomsGoInCircles() {
        slices().matching(SERVING + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> allowed(String room, List<String> others) {
        List<String> known =
                Stream.concat(Stream.of(SERVING + room), others.stream()).toList();
        return DescribedPredicate.describe("belong to " + known + " or are not ours", other -> {
            String name = other.getPackageName();
            return !name.startsWith("io.hemline")
                    || known.stream().anyMatch(own -> name.equals(own) || name.startsWith(own + "."));
        });
    }
}
