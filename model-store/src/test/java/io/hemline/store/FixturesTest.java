package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the shared fixtures, with the verdict that all readers in all languages must reach. */
class FixturesTest {

    static List<JsonNode> cases() {
        return Fixtures.cases();
    }

    static List<JsonNode> manifests() {
        return cases().stream()
                .filter(entry ->
                        entry.has("version") && Files.exists(folder(entry).resolve(Manifest.FILE)))
                .toList();
    }

    static List<JsonNode> accepted() {
        return cases().stream()
                .filter(entry -> entry.get("accepted").booleanValue())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsOrRefusesEachCaseAsInTheFixtures(JsonNode entry) {
        ModelStore store = ModelStore.inFolder(Fixtures.store(entry.get("case").textValue()));

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
    @MethodSource("manifests")
    void acceptsNoManifestThatTheSchemaRefuses(JsonNode entry) {
        Path file = folder(entry).resolve(Manifest.FILE);

        boolean readable = isReadable(file);
        boolean valid = Fixtures.schema("schema/manifest.schema.json")
                .validate(Fixtures.json(file))
                .isEmpty();

        // The schema cannot express rules between members.
        boolean beyondTheSchema = List.of("wrong-signature", "wrong-encoder-digest")
                .contains(entry.get("case").textValue());
        assertThat(readable).isEqualTo(valid && !beyondTheSchema);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void readsOnlyGoldenAnswersThatTheSchemaAccepts(JsonNode entry) {
        Path file = folder(entry).resolve(Golden.FILE);

        assertThat(Fixtures.schema("schema/golden.schema.json").validate(Fixtures.json(file)))
                .isEmpty();
        assertThat(Golden.read(file).forecaster()).hasSize(3);
    }

    private static Path folder(JsonNode entry) {
        return Fixtures.version(
                entry.get("case").textValue(), entry.get("version").intValue());
    }

    private static Object read(ModelStore store, JsonNode entry) {
        String model = entry.get("model").textValue();
        if (entry.has("channel")) {
            return store.desired(
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
