package io.hemline.importer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class AttributeTableTest {

    private final Ledger ledger = new Ledger();

    @Test
    void appliesAttributesByTrendAndMarket() {
        AttributeTable attributes = read(
                "Hashtag,Market,Gender,Category,first_seen",
                "#WideLeg,,Women,Pants,2024-05-01",
                "wideleg,Vietnam,,Trousers,");

        TrendRecord there = attributes.apply(trend("wideleg", "vn"));
        TrendRecord elsewhere = attributes.apply(trend("wideleg", "us"));

        assertThat(there.gender()).isEqualTo("female");
        assertThat(there.category()).isEqualTo("trousers");
        assertThat(there.firstSeen()).isEqualTo("2024-05-01");
        assertThat(elsewhere.category()).isEqualTo("pants");
    }

    @Test
    void leavesWhatTheTableDoesNotSay() {
        AttributeTable attributes = read("trend,gender", "wideleg,men", "skirt,");

        assertThat(attributes.apply(trend("wideleg", "vn")).category()).isEqualTo("known");
        assertThat(attributes.apply(trend("wideleg", "vn")).gender()).isEqualTo("male");
        assertThat(attributes.apply(trend("skirt", "vn")).gender()).isEqualTo("known");
        assertThat(attributes.apply(trend("other", "vn")).gender()).isEqualTo("known");
    }

    @Test
    void tellsTrendsThatAreNotImportedAndColumnsWithoutMeaning() {
        AttributeTable attributes = read("trend,colour,gender", "wideleg,red,female", "skirt,red,female");
        attributes.apply(trend("wideleg", "vn"));

        attributes.tellUnknownTrends();

        assertThat(ledger.findings(Rule.UNKNOWN_TREND)).singleElement().satisfies(finding -> {
            assertThat(finding.detail()).isEqualTo("skirt");
            assertThat(finding.place()).hasToString("a.csv, row 3");
        });
        assertThat(ledger.guesses()).containsExactly(new Ledger.Guess("a.csv", "ignored columns", "colour", ""));
    }

    @Test
    void tellsRowsThatCannotBeUsed() {
        read(
                "trend,gender,first_seen",
                "#,female,",
                "x".repeat(101) + ",female,",
                "wideleg,female,soon",
                "wideleg,male,");

        assertThat(ledger.applied())
                .containsEntry(Rule.NO_NAME, 1L)
                .containsEntry(Rule.NAME_TOO_LONG, 1L)
                .containsEntry(Rule.NOT_A_DATE, 1L)
                .containsEntry(Rule.CONFLICT, 1L);
    }

    @Test
    void refusesATableWithoutTrendsOrAttributes() {
        assertThatThrownBy(() -> read("colour,gender", "red,female"))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("a.csv: the first row names no column of trends");
        assertThatThrownBy(() -> read("trend,colour", "wideleg,red"))
                .isInstanceOf(ImportException.class)
                .hasMessage("a.csv: the first row names no attribute: gender, category or first_seen");
        assertThatThrownBy(this::read).isInstanceOf(ImportException.class);
    }

    private AttributeTable read(String... rows) {
        return AttributeTable.read(new Rows(rows), ledger);
    }

    private static TrendRecord trend(String trend, String market) {
        return new TrendRecord(
                trend,
                market,
                "known",
                "known",
                null,
                LocalDate.of(2026, 11, 16),
                Instant.EPOCH,
                new double[] {1},
                null,
                null,
                null,
                null,
                null);
    }

    /**
     * A table of comma-separated rows.
     *
     * <p>Immutable.
     */
    private record Rows(String... rows) implements Table {

        @Override
        public String name() {
            return "a.csv";
        }

        @Override
        public String kind() {
            return "CSV";
        }

        @Override
        public List<Guess> guesses() {
            return List.of();
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public void read(Predicate<Row> consumer) {
            for (int i = 0; i < rows.length; i++) {
                List<Cell> cells = new ArrayList<>();
                for (String text : rows[i].split(",", -1)) {
                    cells.add(text.isEmpty() ? Cell.EMPTY : new Cell.Text(text));
                }
                if (!consumer.test(new Row(i + 1, cells))) {
                    return;
                }
            }
        }
    }
}
