package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signs as the edge checks: both are held to {@code model-store/fixtures/purge.json}. */
class PurgeSignatureTest {

    private static final Path VECTORS = Path.of("../model-store/fixtures/purge.json");

    @TempDir
    private Path folder;

    @Test
    void signsWhatTheEdgeAcceptsAndNothingThatItRefuses() throws IOException {
        List<JsonObject> vectors = new JsonArray(Files.readString(VECTORS))
                .stream().map(JsonObject.class::cast).toList();

        List<JsonObject> signedAlike =
                vectors.stream().filter(PurgeSignatureTest::isOurs).toList();

        assertThat(signedAlike.stream().filter(vector -> vector.getBoolean("accepted")))
                .hasSize(3);
        assertThat(vectors.stream().filter(vector -> vector.getBoolean("accepted")))
                .hasSize(3);
        assertThat(signedAlike.stream().filter(vector -> !vector.getBoolean("accepted")))
                .allSatisfy(vector -> assertThat(vector.getString("why")).contains("too"));
    }

    /** Whether that very header is what we make of the vector's secret, time and body. */
    private static boolean isOurs(JsonObject vector) {
        String signature = vector.getString("signature");
        if (!signature.startsWith("t=")) {
            return false;
        }
        long time = Long.parseLong(signature.substring(2, signature.indexOf(',')));
        return new PurgeSignature(vector.getString("secret"))
                .header(time, vector.getString("body"))
                .equals(signature);
    }

    @Test
    void theLineEndOfTheFileIsNoPartOfTheSecret() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hush\n");

        PurgeSignature read = PurgeSignature.read(file);

        assertThat(read.header(1, "{}")).isEqualTo(new PurgeSignature("hush").header(1, "{}"));
    }

    @Test
    void aSecretThatIsNotThereIsNamedByItsSettingAndFile() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");

        assertThatThrownBy(() -> PurgeSignature.read(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("edge.purge-secret-file")
                .hasMessageContaining("none");
        assertThatThrownBy(() -> PurgeSignature.read(empty)).hasMessageContaining("the file is empty");
    }
}
