package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.features.wire.Value;
import io.hemline.serving.features.wire.Value.ValCase;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Decoding of single values; {@link FeastSourceTest} reads rows that Feast wrote. */
class FeastTrendTest {

    @Test
    void decodesNoBytesAsNull() {
        assertThat(decode("", ValCase.STRING_VAL)).isNull();
        assertThat(decode("", ValCase.INT64_VAL)).isNull();
        assertThat(decode("", ValCase.FLOAT_LIST_VAL)).isNull();
    }

    @Test
    void decodesEmptyListsAndNegativeNumbers() {
        assertThat(decoded("820100", ValCase.FLOAT_LIST_VAL).getFloatListVal().getValList())
                .isEmpty();
        assertThat(decoded("20ffffffffffffffffff01", ValCase.INT64_VAL).getInt64Val())
                .isEqualTo(-1);
        assertThat(decoded("1200", ValCase.STRING_VAL).getStringVal()).isEmpty();
    }

    @Test
    void namesTheExpectedKindAndTheActualOne() {
        assertInvalid("2005", ValCase.FLOAT_LIST_VAL, "FLOAT_LIST_VAL is expected, not INT64_VAL");
        assertInvalid("120161", ValCase.INT64_VAL, "INT64_VAL is expected, not STRING_VAL");
    }

    @Test
    void rejectsKindsThatOurFeaturesDoNotUse() {
        assertInvalid("3801", ValCase.INT64_VAL, "INT64_VAL is expected, not VAL_NOT_SET");
    }

    @Test
    void rejectsBytesThatAreNoValue() {
        assertInvalid("20ff", ValCase.INT64_VAL, "not a Feast value: ");
        assertInvalid("200500", ValCase.INT64_VAL, "not a Feast value: ");
        assertInvalid("12ffffffff0f61", ValCase.STRING_VAL, "not a Feast value: ");
        assertInvalid("8201050a03000000", ValCase.FLOAT_LIST_VAL, "not a Feast value: ");
        assertInvalid("1201ff", ValCase.STRING_VAL, "not a Feast value: ");
    }

    private static void assertInvalid(String hex, ValCase kind, String message) {
        assertThatThrownBy(() -> decode(hex, kind))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static Value decoded(String hex, ValCase kind) {
        return requireNonNull(decode(hex, kind));
    }

    private static @Nullable Value decode(String hex, ValCase kind) {
        return FeastTrend.decode(Buffer.buffer(HexFormat.of().parseHex(hex)), kind);
    }
}
