package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.edge.PurgeSender.Signature;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signatures of {@code model-store/fixtures/purge.json}, which the edge's tests verify too. */
class PurgeSenderSignatureTest {

    private static final Path VECTORS = Path.of("../model-store/fixtures/purge.json");

    @TempDir
    private Path folder;

    @Test
    void makesTheSignaturesThatTheEdgeAcceptsAndNoneThatItRefuses() throws IOException {
        List<JsonObject> vectors = new JsonArray(Files.readString(VECTORS))
                .stream().map(JsonObject.class::cast).toList();

        List<JsonObject> reproduced =
                vectors.stream().filter(PurgeSenderSignatureTest::isReproduced).toList();

        assertThat(reproduced.stream().filter(vector -> vector.getBoolean("accepted")))
                .hasSize(3);
        assertThat(vectors.stream().filter(vector -> vector.getBoolean("accepted")))
                .hasSize(3);
        assertThat(reproduced.stream().filter(vector -> !vector.getBoolean("accepted")))
                .allSatisfy(vector -> assertThat(vector.getString("why")).contains("too"));
    }

    /** Whether the vector's secret, time and body give its header. */
    private static boolean isReproduced(JsonObject vector) {
        String signature = vector.getString("signature");
        if (!signature.startsWith("t=")) {
            return false;
        }
        long time = Long.parseLong(signature.substring(2, signature.indexOf(',')));
        return new Signature(vector.getString("secret"))
                .header(time, vector.getString("body"))
                .equals(signature);
    }

    @Test
    void stripsTheLineEndOfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "hush\n");

        Signature read = Signature.read(file);

        assertThat(read.header(1, "{}")).isEqualTo(new Signature("hush").header(1, "{}"));
    }

    @Test
    void namesTheSettingAndTheFileOfAMissingSecret() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");

        assertThatThrownBy(() -> Signature.read(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("edge.purge-secret-file")
                .hasMessageContaining("none");
        assertThatThrownBy(() -> Signature.read(empty)).hasMessageContaining("the file is empty");
    }
}
