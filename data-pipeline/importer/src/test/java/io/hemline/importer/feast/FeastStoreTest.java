package io.hemline.importer.feast;

import static io.hemline.importer.feast.Trends.trend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Ledger.Finding;
import io.hemline.importer.report.Rule;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.features.PostgresConfig;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real PostgreSQL, without brokers. */
class FeastStoreTest {

    private static final Path FEAST_ROWS =
            Path.of("../../inference-server/src/test/resources/io/hemline/serving/features/feast-rows.csv");
    private static final String ROWS = "select string_agg(concat_ws(',', encode(entity_key, 'hex'), feature_name,"
            + " encode(value, 'hex'), to_char(event_ts at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MSZ')), E'\\n'"
            + " order by entity_key, feature_name) || E'\\n' from hemline_trend_features";
    private static final SeriesKey WIDELEG = new SeriesKey("vn", "wideleg");
    private static final String OF_WIDELEG = " where encode(entity_key, 'escape') like '%vn%wideleg%'";

    @TempDir
    private static Path folder;

    private static Postgres postgres;

    private final Ledger ledger = new Ledger();
    private FeastStore store;

    @BeforeAll
    static void start() throws IOException, SQLException {
        postgres = Postgres.start(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void open() throws SQLException {
        postgres.run("drop table if exists hemline_trend_features");
        store = open(postgres.config());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void writesTheVeryRowsThatFeastWrites() throws Exception {
        int written = store.write(Trends.OF_FEAST);

        assertThat(written).isEqualTo(4);
        assertThat(postgres.text(ROWS)).isEqualTo(Files.readString(FEAST_ROWS));
        assertThat(texts("gender")).isEqualTo("female,female");
        assertThat(texts("last_week")).isEqualTo("20766,20773,20773,20773");
        assertThat(texts("volume")).isNull();
    }

    private static String texts(String feature) throws SQLException {
        return postgres.text("select string_agg(value_text, ',' order by value_text) from hemline_trend_features"
                + " where feature_name = '" + feature + "'");
    }

    @Test
    void makesTheTableAsFeastDoes() throws Exception {
        store.write(Trends.OF_FEAST);
        store.write(Trends.OF_FEAST);

        assertThat(postgres.text("select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position)"
                        + " from information_schema.columns where table_name = 'hemline_trend_features'"))
                .isEqualTo("entity_key bytea, feature_name text, value bytea, value_text text, vector_value bytea,"
                        + " event_ts timestamp with time zone, created_ts timestamp with time zone");
        assertThat(postgres.text("select string_agg(indexdef, E'\\n' order by indexname) from pg_indexes"
                        + " where tablename = 'hemline_trend_features'"))
                .isEqualTo("CREATE INDEX hemline_trend_features_ek ON public.hemline_trend_features"
                        + " USING btree (entity_key)\n"
                        + "CREATE INDEX hemline_trend_features_fts_idx ON public.hemline_trend_features"
                        + " USING gin (to_tsvector('english'::regconfig, value_text))\n"
                        + "CREATE UNIQUE INDEX hemline_trend_features_pkey ON public.hemline_trend_features"
                        + " USING btree (entity_key, feature_name)");
        assertThat(details(Rule.STORE_TABLE_MADE)).containsExactly("hemline_trend_features");
    }

    @Test
    void readsWhatItWrote() {
        store.write(Trends.OF_FEAST);

        List<TrendRecord> found = store.read(List.of(
                WIDELEG, new SeriesKey("vn", "áo dài"), new SeriesKey("br", "wideleg"), new SeriesKey("br", "x")));

        assertThat(found)
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Float.compare(a.floatValue(), b.floatValue()), Double.class)
                .isEqualTo(List.of(Trends.OF_FEAST.get(2), Trends.OF_FEAST.get(0), Trends.OF_FEAST.get(3)));
    }

    @Test
    void readsNothingFromAStoreWithoutATable() {
        assertThat(store.read(List.of(WIDELEG))).isEmpty();
    }

    @Test
    void readsUnusableFeaturesAsAbsentAndTellsThem() throws Exception {
        store.write(Trends.OF_FEAST);
        postgres.run(
                "update hemline_trend_features set value = '\\x2001'" + OF_WIDELEG + " and feature_name = 'last_week'");

        List<TrendRecord> found = store.read(List.of(WIDELEG, new SeriesKey("us", "wideleg")));

        assertThat(found).extracting(TrendRecord::market).containsExactly("us");
        assertThat(details(Rule.UNUSABLE_IN_STORE)).containsExactly("vn/wideleg, lastWeek: a Monday, not 1970-01-02");
    }

    @Test
    void replacesEquallyOldAndOlderFeaturesAsAWhole() {
        store.write(Trends.OF_FEAST);

        int equallyOld = store.write(List.of(trend("wideleg", "vn", "2026-11-23T00:00:00Z", 5)));
        int newer = store.write(List.of(trend("wideleg", "vn", "2026-11-23T00:00:00.000001Z", 6, 7)));

        assertThat(equallyOld).isEqualTo(1);
        assertThat(newer).isEqualTo(1);
        assertThat(store.read(List.of(WIDELEG)))
                .usingRecursiveComparison()
                .isEqualTo(List.of(trend("wideleg", "vn", "2026-11-23T00:00:00.000001Z", 6, 7)));
    }

    @Test
    void keepsNewerFeaturesAndTellsThem() throws Exception {
        store.write(Trends.OF_FEAST);
        String before = postgres.text(ROWS);

        int written = store.write(
                List.of(trend("wideleg", "vn", "2026-11-22T23:59:59.999999Z", 5), trend("wideleg", "us", null, 5)));

        assertThat(written).isZero();
        assertThat(postgres.text(ROWS)).isEqualTo(before);
        assertThat(details(Rule.NEWER_IN_STORE)).containsExactly("us/wideleg", "vn/wideleg");
    }

    @Test
    void keepsATrendOfWhichOneRowIsNewerAsAWhole() throws Exception {
        store.write(Trends.OF_FEAST);
        postgres.run("update hemline_trend_features set event_ts = '2026-11-25T00:00:00Z'" + OF_WIDELEG
                + " and feature_name = 'sentiment'");

        int written = store.write(List.of(trend("wideleg", "vn", "2026-11-24T00:00:00Z", 5)));

        assertThat(written).isZero();
        assertThat(store.read(List.of(WIDELEG)).get(0).volume()).hasSize(3);
    }

    @Test
    void keepsFeaturesThatAnotherWriterCommitsMeanwhile() throws Exception {
        store.write(Trends.OF_FEAST);
        CompletableFuture<Integer> written;
        try (Connection other = postgres.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update hemline_trend_features set event_ts = '2026-11-25T00:00:00Z'" + OF_WIDELEG);

            written = CompletableFuture.supplyAsync(() -> store.write(List.of(
                    trend("wideleg", "us", "2026-11-24T00:00:00Z", 5),
                    trend("wideleg", "vn", "2026-11-24T00:00:00Z", 5))));
            while (!postgres.text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                    .equals("1")) {
                Thread.sleep(10);
            }
            other.commit();
        }

        assertThat(written.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(store.read(List.of(WIDELEG)).get(0).volume()).hasSize(3);
        assertThat(details(Rule.NEWER_IN_STORE)).containsExactly("vn/wideleg");
    }

    @Test
    void replacesRowsWithoutATime() throws Exception {
        store.write(Trends.OF_FEAST);
        postgres.run("update hemline_trend_features set event_ts = null" + OF_WIDELEG);

        int written = store.write(List.of(trend("wideleg", "vn", "2026-11-20T00:00:00Z", 5)));

        assertThat(written).isEqualTo(1);
        assertThat(store.read(List.of(WIDELEG)).get(0).volume()).containsExactly(5);
    }

    @Test
    void writesAllTrendsOrNone() throws Exception {
        List<TrendRecord> trends = new ArrayList<>(IntStream.range(0, 1200)
                .mapToObj(i -> trend("trend " + i, "vn", "2026-11-23T00:00:00Z", i))
                .toList());
        TrendRecord last = trends.get(1199);
        trends.add(new TrendRecord(
                "zz", "vn", "\0", null, null, last.lastWeek(), null, last.volume(), null, null, null, null, null));

        assertThatThrownBy(() -> store.write(trends)).isInstanceOf(ImportException.class);

        assertThat(postgres.text("select to_regclass('hemline_trend_features')"))
                .isNull();
        assertThat(ledger.applied()).isEmpty();
        assertThat(store.write(trends.subList(0, 1200))).isEqualTo(1200);
        assertThat(postgres.text("select count(*) from hemline_trend_features")).isEqualTo("12000");
        assertThat(store.read(trends.stream().map(SeriesKey::of).toList())).hasSize(1200);
    }

    @Test
    void refusesAMarketThatNoEventCanName() throws Exception {
        assertThatThrownBy(() -> store.write(List.of(trend("wideleg", "v".repeat(101), null, 1))))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("the market of \"wideleg\" has over 100 characters");

        assertThat(postgres.text("select to_regclass('hemline_trend_features')"))
                .isNull();
    }

    @Test
    void saysThatServersAreNotToldWithoutABroker() {
        store.write(Trends.OF_FEAST);

        assertThat(details(Rule.SERVERS_NOT_TOLD)).containsExactly("events.kafka.bootstrap-servers is empty");
    }

    @Test
    void saysInOneLineWhyTheStoreCannotBeUsed() throws Exception {
        int port = postgres.config().port();
        postgres.run(
                "create table hemline_trend_features (entity_key bytea, feature_name text, value bytea,"
                        + " value_text text, vector_value bytea, event_ts timestamptz, primary key (entity_key, feature_name))");

        assertThatThrownBy(() -> open(Postgres.config(port, "wrong")))
                .hasMessage("the online store at 127.0.0.1:" + port + "/postgres"
                        + " (features.postgres.url, .user, .password) failed:"
                        + " password authentication failed for user \"importer\"");
        assertThatThrownBy(() -> open(Postgres.config(KafkaBroker.freePort(), "")))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("Connection refused")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> store.write(Trends.OF_FEAST))
                .isInstanceOf(ImportException.class)
                .hasMessageEndingWith("failed: permission denied for table hemline_trend_features");
    }

    private FeastStore open(PostgresConfig config) {
        return FeastStore.open(config, KafkaConfig.defaults(), ledger);
    }

    private List<String> details(Rule rule) {
        return ledger.findings(rule).stream().map(Finding::detail).toList();
    }
}
