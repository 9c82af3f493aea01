package io.hemline.importer.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hemline.importer.parse.NumberForm.Kind;
import io.hemline.importer.parse.NumberForm.Parsed;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberFormTest {

    private static final NumberForm POINT = new NumberForm(DecimalMark.POINT, false);
    private static final NumberForm COMMA = new NumberForm(DecimalMark.COMMA, false);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "007|7",
                "12.5|12.5",
                ".5|0.5",
                "5.|5",
                "1,234.5|1234.5",
                "1,234|1234",
                "1 234.5|1234.5",
                "1\u00a0234\u00a0567|1234567",
                "1\u202f234.5|1234.5",
                "1'234.5|1234.5",
                "1’234’567|1234567",
                "12,34,567|1234567",
                "-3|-3",
                "-0|0",
                "−3|-3",
                "+3|3",
                "3-|-3",
                "(12)|-12",
                "1.2E+05|120000",
                "5e-1|0.5",
                "12 %|12",
                "-40%|-40",
                "$ 1,200|1200",
                "€12.50|12.5",
                "12.50 EUR|12.5",
                "USD 3|3",
                "US$3|3",
                "-$3|-3",
                "1.2K|1200",
                "3 M|3000000",
                "2b|2000000000",
                "10,000 %+|10000",
                "10.000 %+|10000",
                "5,000+|5000",
                "１２３．５|123.5",
                "٣|3",
                "1234567890123456789|1234567890123456789"
            })
    void readsTheNumbersThatPeopleWriteWithADecimalPoint(String text, double value) {
        assertThat(POINT.parse(text)).isEqualTo(new Parsed(value, Kind.NUMBER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12,5|12.5",
                "1.234,5|1234.5",
                "1.234.567|1234567",
                "1.234|1234",
                "1,234|1.234",
                "1 234,5|1234.5",
                "2,5 M|2500000",
                "1,2E+05|120000",
                "10,000 %+|10000",
                "10.000 %+|10000",
                "12,50 €|12.5"
            })
    void readsTheNumbersThatPeopleWriteWithADecimalComma(String text, double value) {
        assertThat(COMMA.parse(text)).isEqualTo(new Parsed(value, Kind.NUMBER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.234,5",
                "1,5",
                "0,123",
                "1234,567",
                "1.234.567",
                "1,234,5",
                "1,23,45",
                "1..2",
                "12 34",
                "1 234,567",
                "abc",
                "12 apples",
                "1-2",
                "--1",
                "2,5 Mio",
                "10²",
                "1e",
                "e5",
                "%",
                "$",
                "K",
                "<2",
                "<",
                "TOP 10",
                "0x1F",
                "1,234E5",
                "1d",
                "1.5f",
                "2024-01-05"
            })
    void refusesTextsThatAreNoNumberWithADecimalPoint(String text) {
        assertThat(POINT.parse(text).kind()).isEqualTo(Kind.NOT_A_NUMBER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,234.5", "1.5", "0.123", "1234.567", "1,234,567", "1.2E+05"})
    void refusesADecimalPointWhereTheTableHasACommaForIt(String text) {
        assertThat(COMMA.parse(text).kind()).isEqualTo(Kind.NOT_A_NUMBER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "\u00a0", "-", "–", "—", "NA", "N/A", "#N/A", "NaN", "nan", "null", "None", ".", " na "
            })
    void takesTheUsualMarksForMissing(String text) {
        assertThat(POINT.parse(text).kind()).isEqualTo(Kind.MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<1", "< 1", "&lt;1", " <1 ", "＜1", "<1%"})
    void readsBelowOneAsOneHalf(String text) {
        assertThat(POINT.parse(text)).isEqualTo(new Parsed(0.5, Kind.BELOW_ONE));
    }

    @Test
    void passesInfinityAndHugeNumbersToTheCaller() {
        assertThat(POINT.parse("-Infinity")).isEqualTo(new Parsed(Double.NEGATIVE_INFINITY, Kind.NUMBER));
        assertThat(POINT.parse("inf")).isEqualTo(new Parsed(Double.POSITIVE_INFINITY, Kind.NUMBER));
        assertThat(POINT.parse("1e31")).isEqualTo(new Parsed(1e31, Kind.NUMBER));
        assertThat(POINT.parse("1e9999")).isEqualTo(new Parsed(Double.POSITIVE_INFINITY, Kind.NUMBER));
    }

    @Test
    void refusesEndlessTextsInNoTime() {
        assertThat(POINT.parse("1".repeat(10_000_000)).kind()).isEqualTo(Kind.NOT_A_NUMBER);
        assertThat(POINT.parse("+".repeat(10_000_000)).kind()).isEqualTo(Kind.NOT_A_NUMBER);
    }

    @Test
    void readsRandomNumbersInEveryFormBack() {
        SplittableRandom random = new SplittableRandom(7);
        String[] patterns = {"0.0#", "#,##0.00", "0.00%", "#,##0.0 €", "0.###E00"};
        for (char[] marks : new char[][] {{'.', ','}, {',', '.'}, {',', ' '}, {',', '\u202f'}, {'.', '\''}}) {
            DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);
            symbols.setDecimalSeparator(marks[0]);
            symbols.setGroupingSeparator(marks[1]);
            for (String pattern : patterns) {
                DecimalFormat format = new DecimalFormat(pattern, symbols);
                format.setMultiplier(1);

                List<Double> values = random.doubles(40, -1e6, 1e7).boxed().toList();
                List<String> texts = values.stream().map(format::format).toList();
                NumberForm form = decide(texts);

                assertThat(form.guessed()).as(texts.toString()).isFalse();
                for (int i = 0; i < texts.size(); i++) {
                    double tolerance = pattern.contains("E") ? Math.abs(values.get(i)) * 1e-3 : 0.06;
                    assertThat(form.parse(texts.get(i)).value())
                            .as(texts.get(i))
                            .isCloseTo(values.get(i), within(tolerance));
                }
            }
        }
    }

    @Test
    void readsPlainDecimalsToTheNearestDouble() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 100_000; i++) {
            String text = new BigDecimal(random.nextLong(1_000_000_000_000L))
                    .movePointLeft(random.nextInt(0, 10))
                    .toPlainString();
            assertThat(POINT.parse(text).value()).isEqualTo(Double.parseDouble(text));
        }
    }

    @Test
    void readsMillionsOfPlainIntegersInSeconds() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            texts.add(Integer.toString(i * 7919));
        }

        NumberEvidence evidence = new NumberEvidence();
        long begin = System.nanoTime();
        double sum = 0;
        for (int i = 0; i < 10_000_000; i++) {
            String text = texts.get(i % 1000);
            evidence.see(text);
            sum += POINT.parse(text).value();
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;

        assertThat(sum).isPositive();
        assertThat(millis).isLessThan(2000);
    }

    static NumberForm decide(Iterable<String> texts) {
        NumberEvidence evidence = new NumberEvidence();
        texts.forEach(evidence::see);
        return evidence.decide(null, false);
    }
}
