package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberEvidenceTest {

    private static final String POINT = "decimal point, thousands comma";
    private static final String COMMA = "decimal comma, thousands point";

    @ParameterizedTest
    @ValueSource(
            strings = {"1.234,5", "1.234.567", "1,5", "0,123", "1234,567", "1 234,567", "2,5 M", "10.000 %+", "-1,50 €"
            })
    void decidesForTheCommaByOneNumberThatNeedsIt(String text) {
        NumberForm form = decide(false, "1,234", "12.345", text, "7");

        assertThat(form.describe()).isEqualTo(COMMA);
        assertThat(form.guessed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,234.5",
                "1,234,567",
                "1.5",
                "0.123",
                "1234.567",
                "1'234.567",
                "1.2E+05",
                "10,000 %+",
                "12,34,567"
            })
    void decidesForThePointByOneNumberThatNeedsIt(String text) {
        NumberForm form = decide(true, "1,234", "12.345", text, "7");

        assertThat(form.describe()).isEqualTo(POINT);
        assertThat(form.guessed()).isFalse();
    }

    @Test
    void guessesByTheDelimiterWhereNothingDecides() {
        assertThat(decide(true, "1,234").describe()).isEqualTo(COMMA);
        assertThat(decide(false, "1,234").describe()).isEqualTo(POINT);
        assertThat(decide(true, "1.234").guessed()).isTrue();
        assertThat(decide(false, "1,234").guessed()).isTrue();
    }

    @Test
    void guessesNothingWithoutAmbiguousNumbers() {
        assertThat(decide(true, "1", "23", "n/a", "1 234", "a,b").guessed()).isFalse();
        assertThat(decide(false).guessed()).isFalse();
    }

    @Test
    void decidesForTheMajorityOfAMixedColumn() {
        assertThat(decide(false, "1,5", "2,5", "3.5").describe()).isEqualTo(COMMA);
        assertThat(decide(false, "1,5", "3.5").guessed()).isTrue();
    }

    @Test
    void obeysTheOption() {
        NumberEvidence evidence = new NumberEvidence();
        evidence.see("1.5");

        NumberForm form = evidence.decide(DecimalMark.COMMA, false);

        assertThat(form.describe()).isEqualTo(COMMA);
        assertThat(form.guessed()).isFalse();
    }

    private static NumberForm decide(boolean semicolons, String... texts) {
        NumberEvidence evidence = new NumberEvidence();
        List.of(texts).forEach(evidence::see);
        return evidence.decide(null, semicolons);
    }
}
