package io.hemline.importer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTest {

    @ParameterizedTest
    @EnumSource
    void everyRuleStandsInTheReference(Rule rule) throws IOException {
        String reference = Files.readString(Path.of("../../docs/reference/import.md"));

        assertThat(reference).contains("| " + rule.fact() + " | " + rule.consequence() + " |");
    }
}
