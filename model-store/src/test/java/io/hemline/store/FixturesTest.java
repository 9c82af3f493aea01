package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the shared fixtures, as every reader in every language must judge it. */
class FixturesTest {

    static List<JsonNode> cases() {
        return Fixtures.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesEachCaseAsTheFixturesSay(JsonNode entry) {
        ModelStore store = new FolderStore(Fixtures.store(entry.get("case").textValue()));

        if (entry.get("accepted").booleanValue()) {
            assertThat(read(store, entry)).isNotNull();
            return;
        }
        assertThatThrownBy(() -> read(store, entry))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(entry.get("names").textValue())
                .hasMessageNotContaining("Exception");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsNoManifestThatTheSchemaRefuses(JsonNode entry) {
        assumeThat(entry.has("version")).isTrue();
        Path folder = Fixtures.version(
                entry.get("case").textValue(), entry.get("version").intValue());
        Path file = folder.resolve(Manifest.FILE);
        assumeThat(file).exists();

        boolean readable = isReadable(file);
        boolean valid = Fixtures.schema("schema/manifest.schema.json")
                .validate(Fixtures.json(file))
                .isEmpty();

        // What holds between members, the schema cannot say.
        boolean beyondTheSchema = List.of("wrong-signature", "wrong-encoder-digest")
                .contains(entry.get("case").textValue());
        assertThat(readable).isEqualTo(valid && !beyondTheSchema);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsOnlyGoldenAnswersThatTheSchemaAccepts(JsonNode entry) {
        assumeThat(entry.get("accepted").booleanValue()).isTrue();
        Path file = Fixtures.version(
                        entry.get("case").textValue(), entry.get("version").intValue())
                .resolve(Golden.FILE);

        assertThat(Fixtures.schema("schema/golden.schema.json").validate(Fixtures.json(file)))
                .isEmpty();
        assertThat(Golden.read(file).forecaster()).hasSize(3);
    }

    private static Object read(ModelStore store, JsonNode entry) {
        String model = entry.get("model").textValue();
        if (entry.has("channel")) {
            return store.wished(
                    model, Channel.parse(entry.get("channel").textValue()).orElseThrow());
        }
        return store.verify(model, entry.get("version").intValue());
    }

    private static boolean isReadable(Path file) {
        try {
            Manifest.parse(Files.readAllBytes(file));
            return true;
        } catch (FormatException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
