package io.hemline.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import io.hemline.store.testing.Fixtures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestTest {

    private final JsonNode good = Fixtures.json(Fixtures.version("good", 1).resolve(Manifest.FILE));
    private final JsonSchema schema = Fixtures.schema("schema/manifest.schema.json");

    @Test
    void readsEveryMember() {
        Manifest manifest = Manifest.parse(bytes(good));

        assertThat(manifest.model()).isEqualTo("trend");
        assertThat(manifest.created()).isEqualTo("2026-11-23T07:00:00Z");
        assertThat(manifest.files())
                .extracting(Manifest.StoredFile::path)
                .containsExactly("card.md", "forecaster.onnx", "golden.json", "image_encoder.onnx");
        assertThat(manifest.graphs().forecaster().inputs().get(0).shape()).containsExactly(TensorSpec.BATCH, 208L, 4L);
        assertThat(manifest.quantileLevels()).containsExactly(0.1, 0.5, 0.9);
        assertThat(manifest.vocabularies().market()).startsWith("br", "cn");
        assertThat(manifest.training().synthetic()).isTrue();
        assertThat(manifest.backtest().get(0).baselines()).containsKey("seasonal_naive");
        assertThat(manifest.batchSizes()).containsExactly(1, 2, 4, 8);
        assertThat(manifest.tolerance()).isEqualTo(new Manifest.Tolerance(1e-4, 1e-3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /format_version           | 2             | format_version
            /model                    | "../trend"    | model
            /created                  | "yesterday"   | created
            /files/0/path             | "a/b"         | files[0].path
            /files/0/path             | "zebra.md"    | files[1].path
            /files/0/sha256           | "ABC"         | files[0].sha256
            /files/1/size             | -1            | files[1].size
            /graphs/forecaster/file   | "other.onnx"  | graphs.forecaster.file
            /graphs/forecaster/opset  | 23            | graphs.forecaster.opset
            /graphs/image_encoder/ir_version  | 11    | graphs.image_encoder.ir_version
            /graphs/forecaster/inputs/0/shape/0 | "N" | graphs.forecaster.inputs[0].shape[0]
            /graphs/forecaster/inputs/0/dtype | "float16" | graphs.forecaster.inputs[0].dtype
            /graphs/forecaster/inputs/0/dtype | "BYTES" | graphs.forecaster.inputs[0].dtype
            /graphs/forecaster/inputs/0/dtype | "bytes" | graphs.forecaster.inputs[0].dtype
            /graphs/forecaster/outputs/0/shape/1 | 12 | quantiles float32[B, 13, 3]
            /horizon                  | 53            | horizon
            /horizon                  | 13.5          | horizon
            /quantile_levels          | [0.5, 0.1]    | quantile_levels
            /quantile_levels          | [0.1, 0.9]    | quantile_levels
            /context_length           | 5             | context_length
            /variables                | ["volume"]    | variables
            /drivers                  | ["a", "a"]    | drivers
            /vocabularies/gender      | []            | vocabularies.gender
            /embedding_dim            | 0             | embedding_dim
            /training/seed            | "7"           | training.seed
            /training/synthetic       | 1             | training.synthetic
            /backtest/0/metrics/mase  | null          | backtest[0].metrics.mase
            /batch_sizes              | [1, 4, 2]     | batch_sizes
            /batch_sizes              | [2, 4]        | batch_sizes
            /tolerance/atol           | -0.1          | tolerance.atol
            """)
    void namesTheMemberAtFault(String pointer, String value, String named) throws Exception {
        JsonNode changed = changed(pointer, Fixtures.JSON.readTree(value));

        assertThatThrownBy(() -> Manifest.parse(bytes(changed)))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("member ")
                .hasMessageContaining(named);
    }

    static List<JsonNode> cases() {
        return StreamSupport.stream(
                        Fixtures.json(Path.of("fixtures/manifests.json")).spliterator(), false)
                .toList();
    }

    /** The trainer's publisher is held to the same table, so that it never publishes what is refused here. */
    @ParameterizedTest
    @MethodSource("cases")
    void judgesEachValueAsTheFixturesSay(JsonNode entry) {
        String text = changed(entry.get("pointer").textValue(), TextNode.valueOf("the value"))
                .toString()
                .replace("\"the value\"", entry.get("value").textValue());

        if (entry.get("accepted").booleanValue()) {
            assertThat(Manifest.parse(text.getBytes(UTF_8)).model()).isEqualTo("trend");
            return;
        }
        assertThatThrownBy(() -> Manifest.parse(text.getBytes(UTF_8))).isInstanceOf(FormatException.class);
    }

    @Test
    void refusesWhatIsNotOneJsonObject() {
        for (String text : List.of("", "[]", "null", "{", "{} {}", "{\"model\": 1, \"model\": 2}", "\u0000")) {
            assertThatThrownBy(() -> Manifest.parse(text.getBytes(UTF_8)))
                    .as(text)
                    .isInstanceOf(FormatException.class);
        }
    }

    @Test
    void refusesTheSameBrokenMembersAsTheSchema() {
        List<String> pointers = new ArrayList<>();
        collect("", good, pointers);
        assertThat(pointers).hasSizeGreaterThan(150);

        for (String pointer : pointers) {
            assertBothRefuse(changed(pointer, NullNode.instance), pointer + " null");
            assertBothRefuse(changed(pointer, Fixtures.JSON.createObjectNode().put("odd", "x")), pointer + " odd");
            if (!isFree(pointer) && good.at(parent(pointer)).isObject()) {
                assertBothRefuse(changed(pointer, null), pointer + " missing");
            }
        }
    }

    @Test
    void refusesUnknownMembersInEveryObjectAsTheSchemaDoes() {
        List<String> pointers = new ArrayList<>(List.of(""));
        collect("", good, pointers);

        for (String pointer : pointers) {
            JsonNode copy = good.deepCopy();
            if (copy.at(pointer) instanceof ObjectNode object && !isFree(pointer + "/x")) {
                object.put("flavour", "mild");
                assertBothRefuse(copy, pointer + "/flavour");
            }
        }
    }

    private void assertBothRefuse(JsonNode manifest, String what) {
        assertThat(schema.validate(manifest)).as("schema on " + what).isNotEmpty();
        assertThatThrownBy(() -> Manifest.parse(bytes(manifest)))
                .as("reader on " + what)
                .isInstanceOf(FormatException.class);
    }

    /** Whether the member's name is the writer's choice, as that of a metric is. */
    private static boolean isFree(String pointer) {
        return pointer.matches("/backtest/\\d+/(metrics|baselines)/.*");
    }

    private JsonNode changed(String pointer, @Nullable JsonNode value) {
        JsonNode copy = good.deepCopy();
        String name = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (copy.at(parent(pointer)) instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
        } else if (value == null) {
            ((ObjectNode) copy.at(parent(pointer))).remove(name);
        } else {
            ((ObjectNode) copy.at(parent(pointer))).set(name, value);
        }
        return copy;
    }

    private static String parent(String pointer) {
        return pointer.substring(0, pointer.lastIndexOf('/'));
    }

    private static void collect(String pointer, JsonNode node, List<String> pointers) {
        node.properties().forEach(e -> {
            pointers.add(pointer + "/" + e.getKey());
            collect(pointer + "/" + e.getKey(), e.getValue(), pointers);
        });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                pointers.add(pointer + "/" + i);
                collect(pointer + "/" + i, node.get(i), pointers);
            }
        }
    }

    private static byte[] bytes(JsonNode manifest) {
        return manifest.toString().getBytes(UTF_8);
    }
}
