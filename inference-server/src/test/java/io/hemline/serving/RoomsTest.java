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

/** Who may know whom. The server alone knows every room. */
class RoomsTest {

    private static final String SERVING = "io.hemline.serving.";
    private static final String STORE = "io.hemline.store";

    /** Each room and what of ours it may depend on. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("forecast", List.of()),
            Map.entry("access", List.of()),
            Map.entry("batch", List.of()),
            Map.entry("edge", List.of()),
            Map.entry("events", List.of(SERVING + "forecast")),
            Map.entry("http", List.of(SERVING + "forecast", SERVING + "access", SERVING + "metrics")),
            Map.entry("journal", List.of(SERVING + "forecast", SERVING + "http")),
            Map.entry("trace", List.of(SERVING + "forecast", SERVING + "http")),
            Map.entry("cache", List.of(SERVING + "forecast")),
            Map.entry("metrics", List.of(SERVING + "forecast")),
            Map.entry("features", List.of(SERVING + "forecast", STORE)),
            Map.entry("protocol", List.of(SERVING + "forecast", SERVING + "http", SERVING + "access", STORE)),
            Map.entry(
                    "model",
                    List.of(
                            SERVING + "forecast",
                            SERVING + "features",
                            SERVING + "batch",
                            SERVING + "protocol",
                            STORE)),
            Map.entry(
                    "admin",
                    List.of(SERVING + "model", SERVING + "forecast", SERVING + "http", SERVING + "access", STORE)));

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
