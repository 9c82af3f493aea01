package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenTest {

    private static final Manifest.Tolerance TOLERANCE = new Manifest.Tolerance(0.01, 0.1);

    private final Tensor floats = Tensor.ofFloats("q", new long[] {3}, 0, 10, -10);
    private final Tensor longs = Tensor.ofLongs("c", new long[] {2}, 1, -1);
    private final Golden.Case golden = new Golden.Case(List.of(), List.of(floats, longs));

    @Test
    void acceptsFloatsWithinTheToleranceOfTheExpectedOne() {
        Tensor near = Tensor.ofFloats("q", new long[] {3}, 0.0099f, 11, -8.995f);

        assertThat(golden.difference(List.of(longs, near, floats.named("more")), TOLERANCE))
                .isEmpty();
        assertThat(golden.within(List.of(longs, near), 0.01, 0.1)).isTrue();
        assertThat(golden.within(List.of(longs, near), 0.01, 0.01)).isFalse();
    }

    @Test
    void namesTensorIndexExpectedAndGot() {
        Tensor far = Tensor.ofFloats("q", new long[] {3}, 0, 12, -99);

        assertThat(golden.difference(List.of(far, longs), TOLERANCE))
                .hasValue("tensor \"q\": element 1: expected 10.0 ± 1.01, got 12.0");
    }

    @Test
    void neverAcceptsNotANumber() {
        Tensor none = Tensor.ofFloats("q", new long[] {3}, 0, Float.NaN, -10);

        assertThat(golden.difference(List.of(none, longs), TOLERANCE).orElseThrow())
                .contains("element 1")
                .contains("NaN");
        assertThat(golden.within(
                        List.of(Tensor.ofFloats("q", new long[] {3}, 0, 10, Float.POSITIVE_INFINITY), longs), 1, 1))
                .isFalse();
    }

    @Test
    void comparesWholeNumbersExactly() {
        Tensor other = Tensor.ofLongs("c", new long[] {2}, 1, 0);

        assertThat(golden.difference(List.of(floats, other), new Manifest.Tolerance(9, 9)))
                .hasValue("tensor \"c\": element 1: expected -1, got 0");
    }

    @Test
    void namesAMissingTensorAndAnotherShape() {
        assertThat(golden.difference(List.of(floats), TOLERANCE)).hasValue("tensor \"c\" is missing from the answer");
        assertThat(golden.difference(List.of(Tensor.ofFloats("q", new long[] {1}, 0), longs), TOLERANCE))
                .hasValue("tensor \"q\": expected FP32[3], got FP32[1]");
    }

    @Test
    void readsTheCasesOfAnArtifact() {
        Artifact artifact = ModelStore.inFolder(Fixtures.store("good")).verify("trend", 1);

        Golden read = artifact.golden();

        assertThat(read.forecaster())
                .extracting(c -> c.request().get(0).shape()[0])
                .containsExactly(1L, 2L, 4L);
        assertThat(read.imageEncoder().get(0).request().get(0).elements()).isEqualTo(224 * 224 * 3);
        for (Golden.Case each : read.forecaster()) {
            assertThat(each.difference(each.expected(), new Manifest.Tolerance(0, 0)))
                    .isEmpty();
        }
    }

    @Test
    void namesTheMemberThatIsNotOfTheFormat() {
        assertRefused("[]", "golden.json must be an object");
        assertRefused("{", "not JSON");
        assertRefused("{}", "forecaster must hold at least one case");
        assertRefused("{\"other\": []}", "unknown graph other");
        assertRefused("{\"forecaster\": {}}", "forecaster must be an array");
        assertRefused("{\"forecaster\": [{\"request\": {\"inputs\": []}}]}", "forecaster[0].response is missing");
        assertRefused("{\"forecaster\": [{\"request\": {}}]}", "forecaster[0].request.inputs is missing");
        assertRefused(
                "{\"forecaster\": [{\"request\": {\"inputs\": [{\"name\": 1}]}}]}",
                "forecaster[0].request.inputs: tensor \"?\": name must be a string");
    }

    private static void assertRefused(String json, String message) {
        assertThatThrownBy(() -> GoldenReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }
}
