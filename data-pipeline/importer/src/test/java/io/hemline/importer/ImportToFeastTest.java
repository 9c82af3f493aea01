package io.hemline.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.importer.feast.Postgres;
import io.hemline.serving.features.PostgresConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportToFeastTest {

    @TempDir
    Path folder;

    @Test
    void mergesIntoTheOnlineStoreOfTheServersSettings() throws Exception {
        try (Postgres postgres = Postgres.start(folder)) {
            Path config = config(postgres.config());
            Path older = table("older.csv", "2026-10-05,5", "2026-10-12,6");
            Path newer = table("newer.csv", "2026-10-12,7", "2026-10-19,8");

            assertThat(run(older, config)).contains("wrote 1 trend to the online store");
            String report = run(newer, config);

            assertThat(report)
                    .contains("week of an earlier import: replaced by the newer file (1)")
                    .contains("cache.ttl")
                    .doesNotContain(postgres.config().password().reveal());
        }
    }

    @Test
    void saysThatTheStoreCannotBeReached() throws IOException {
        Path config = Files.writeString(
                folder.resolve("hemline.properties"), "features.postgres.url=postgresql://127.0.0.1:1/none\n");
        StringWriter err = new StringWriter();

        int exitCode = TestSnapshots.run(
                new StringWriter(),
                err,
                table("t.csv", "2026-10-05,5").toString(),
                "--to",
                "feast",
                "--config",
                config.toString());

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("hemline: ")
                .contains("127.0.0.1:1")
                .hasLineCount(1);
    }

    private static String run(Path file, Path config) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = TestSnapshots.run(out, err, file.toString(), "--to", "feast", "--config", config.toString());
        assertThat(exitCode).as(err.toString()).isZero();
        return out.toString();
    }

    private Path config(PostgresConfig postgres) throws IOException {
        return Files.writeString(
                folder.resolve("hemline.properties"),
                "features.source=feast\nfeatures.postgres.url=" + postgres.url() + "\nfeatures.postgres.user="
                        + postgres.user() + "\nfeatures.postgres.password="
                        + postgres.password().reveal() + "\n");
    }

    private Path table(String name, String... rows) throws IOException {
        return Files.writeString(folder.resolve(name), "date,hat\n" + String.join("\n", rows) + "\n");
    }
}
