package io.hemline.importer;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RoomsTest {

    @Test
    void packagesDependOnlyOnThoseBefore() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.hemline.importer");

        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("report")
                .definedBy("io.hemline.importer.report")
                .layer("parse")
                .definedBy("io.hemline.importer.parse")
                .layer("table")
                .definedBy("io.hemline.importer.table")
                .layer("layout")
                .definedBy("io.hemline.importer.layout")
                .layer("weekly")
                .definedBy("io.hemline.importer.weekly")
                .layer("snapshot")
                .definedBy("io.hemline.importer.snapshot")
                .layer("ends")
                .definedBy("io.hemline.importer.feast", "io.hemline.importer.images", "io.hemline.importer.backtest")
                .layer("commands")
                .definedBy("io.hemline.importer")
                .whereLayer("report")
                .mayNotAccessAnyLayer()
                .whereLayer("parse")
                .mayOnlyAccessLayers("report")
                .whereLayer("table")
                .mayOnlyAccessLayers("report")
                .whereLayer("layout")
                .mayOnlyAccessLayers("table", "parse", "report")
                .whereLayer("weekly")
                .mayOnlyAccessLayers("layout", "parse", "report")
                .whereLayer("snapshot")
                .mayOnlyAccessLayers("weekly", "layout", "table", "parse", "report")
                .whereLayer("ends")
                .mayOnlyAccessLayers("snapshot", "weekly", "layout", "report")
                .whereLayer("commands")
                .mayNotBeAccessedByAnyLayer()
                .check(classes);
    }
}
