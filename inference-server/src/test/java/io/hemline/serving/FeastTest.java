package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.features.FeaturesConfig.Source;
import io.hemline.serving.testing.Postgres;
import io.hemline.serving.testing.Snapshots;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Feast writes, the server reads. {@code make check-feast} installs Feast (600 MB) and names its Python in {@code
 * FEAST_PYTHON}.
 */
@EnabledIfEnvironmentVariable(named = "FEAST_PYTHON", matches = ".+", disabledReason = "run by make check-feast")
class FeastTest {

    private static final Path REPOSITORY = Path.of("../data-pipeline/feature_repo");
    private static final Path DEMO = Path.of("../model-store/demo/features.jsonl.gz");
    private static final Path SNAPSHOT = Postgres.ROWS.resolveSibling("feast-snapshot.jsonl");
    private static final String ROWS = "select string_agg(concat_ws(',', encode(entity_key, 'hex'), feature_name,"
            + " encode(value, 'hex'), to_char(event_ts at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MSZ')), E'\\n'"
            + " order by entity_key, feature_name) || E'\\n' from hemline_trend_features";

    @TempDir
    private Path folder;

    private Postgres postgres;

    @BeforeEach
    void start() throws IOException, SQLException {
        postgres = Postgres.start(folder);
    }

    @AfterEach
    void stop() throws IOException {
        postgres.close();
    }

    /** Remake the rows with {@code FEAST_CAPTURE=1 make check-feast}. */
    @Test
    void writesTheVeryRowsThatTheOtherTestsRead() throws Exception {
        load(Snapshots.write(folder.resolve("small.jsonl.gz"), Files.readString(SNAPSHOT)));

        String rows = postgres.text(ROWS);

        if (System.getenv("FEAST_CAPTURE") != null) {
            Files.writeString(Postgres.ROWS, rows);
        }
        assertThat(rows).isEqualTo(Files.readString(Postgres.ROWS));
    }

    @Test
    void givesTheServerTheAnswersOfTheSnapshot() throws Exception {
        load(DEMO);
        ServerConfig config = TestServer.config(folder);
        TestServer.copy(Path.of("../model-store/demo/store"), folder.resolve("store"));

        JsonArray fromSnapshot = forecasts(config, FeaturesConfig.ofSnapshot(DEMO));
        JsonArray fromFeast = forecasts(
                config, new FeaturesConfig(Source.FEAST, folder.resolve("none"), postgres.config(Duration.ofHours(1))));

        assertThat(fromFeast).hasSameSizeAs(fromSnapshot).hasSizeGreaterThanOrEqualTo(300);
        for (int i = 0; i < fromFeast.size(); i++) {
            assertSame(fromFeast.getJsonObject(i), fromSnapshot.getJsonObject(i));
        }
    }

    /** The forecasts of every trend of the demo, by its market and without one. */
    private JsonArray forecasts(ServerConfig config, FeaturesConfig features) throws Exception {
        ServerConfig feast = changed(config, Map.of("features", features));
        List<JsonObject> items = items();
        JsonArray forecasts = new JsonArray();
        try (TestServer testServer = TestServer.with(folder, feast)) {
            for (int from = 0; from < items.size(); from += 64) {
                JsonObject body = new JsonObject()
                        .put("items", new JsonArray(items.subList(from, Math.min(items.size(), from + 64))));
                var answer = testServer.post("/v1/forecasts?include=history", body.encode());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                forecasts.addAll(new JsonObject(answer.body()).getJsonArray("forecasts"));
            }
        }
        return forecasts;
    }

    private static List<JsonObject> items() throws IOException {
        String lines;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(DEMO))) {
            lines = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        return lines.lines()
                .map(JsonObject::new)
                .flatMap(trend -> java.util.stream.Stream.of(
                        new JsonObject()
                                .put("hashtag", trend.getString("trend"))
                                .put("market", trend.getString("market")),
                        new JsonObject().put("hashtag", trend.getString("trend"))))
                .toList();
    }

    /** Feast keeps single precision; so numbers agree to that, and all else exactly. */
    private static void assertSame(JsonObject feast, JsonObject snapshot) {
        assertThat(feast.fieldNames()).isEqualTo(snapshot.fieldNames());
        for (String field : feast.fieldNames()) {
            assertSame(snapshot.getString("hashtag") + " " + field, feast.getValue(field), snapshot.getValue(field));
        }
    }

    private static void assertSame(String what, Object feast, Object snapshot) {
        if (feast instanceof JsonObject object && snapshot instanceof JsonObject other) {
            assertThat(object.fieldNames()).as(what).isEqualTo(other.fieldNames());
            object.fieldNames().forEach(name -> assertSame(what, object.getValue(name), other.getValue(name)));
        } else if (feast instanceof JsonArray array && snapshot instanceof JsonArray other) {
            assertThat(array.size()).as(what).isEqualTo(other.size());
            for (int i = 0; i < array.size(); i++) {
                assertSame(what, array.getValue(i), other.getValue(i));
            }
        } else if (feast instanceof Number number && snapshot instanceof Number other) {
            double value = other.doubleValue();
            assertThat(number.doubleValue()).as(what).isCloseTo(value, within(1e-5 * Math.max(1, Math.abs(value))));
        } else {
            assertThat(feast).as(what).isEqualTo(snapshot);
        }
    }

    private void load(Path snapshot) throws IOException, InterruptedException {
        ProcessBuilder feast = new ProcessBuilder(
                        System.getenv("FEAST_PYTHON"),
                        REPOSITORY.resolve("load_snapshot.py").toAbsolutePath().toString(),
                        snapshot.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("feast.log").toFile());
        feast.environment().put("FEAST_PG_HOST", "127.0.0.1");
        feast.environment().put("FEAST_PG_PORT", Integer.toString(postgres.port()));
        feast.environment().put("FEAST_PG_DATABASE", "postgres");
        feast.environment().put("FEAST_PG_USER", Postgres.USER);
        feast.environment().put("FEAST_PG_PASSWORD", Postgres.PASSWORD);
        feast.environment().put("FEAST_PG_SSLMODE", "disable");
        Process process = feast.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        assertThat(ended && process.exitValue() == 0)
                .as(Files.readString(folder.resolve("feast.log")))
                .isTrue();
    }
}
