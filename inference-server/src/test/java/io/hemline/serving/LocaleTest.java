package io.hemline.serving;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.hemline.serving.config.Settings;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever language the JVM speaks, its messages have the digits that machines read. */
class LocaleTest {

    private final Locale usual = Locale.getDefault();

    @AfterEach
    void speakAsUsual() {
        Locale.setDefault(usual);
    }

    @Test
    void messagesHaveLatinDigitsUnderAnArabicLocale() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

        assertThat("%d".formatted(12)).isEqualTo("\u0661\u0662");
        assertThatThrownBy(() -> new Tensor("x", Datatype.FP32, new long[] {12}, ByteBuffer.allocateDirect(8)))
                .hasMessageContaining("12")
                .hasMessageMatching("\\p{ASCII}*");
        assertThat(Settings.table(ServerConfig.defaults()))
                .containsPattern("8080")
                .matches("(?s)\\P{IsArabic}*");
    }

    @Test
    void nothingIsFormattedInTheLanguageOfTheJvm() {
        noClasses()
                .should()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
                .because("digits, letters and names differ by language; Locale.ROOT is the one that machines read")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.hemline"));
    }
}
