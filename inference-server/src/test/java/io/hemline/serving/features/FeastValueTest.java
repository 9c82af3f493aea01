package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Beside the rows that Feast wrote ({@link FeastSourceTest}): the borders, and bytes that are none of its. */
class FeastValueTest {

    @Test
    void takesNoBytesAsNull() {
        assertThat(FeastValue.string(hex(""))).isNull();
        assertThat(FeastValue.int64(hex(""))).isNull();
        assertThat(FeastValue.floats(hex(""))).isNull();
    }

    @Test
    void readsEmptyListsAndNegativeNumbers() {
        assertThat(FeastValue.floats(hex("820100"))).isEmpty();
        assertThat(FeastValue.int64(hex("20ffffffffffffffffff01"))).isEqualTo(-1);
        assertThat(FeastValue.string(hex("1200"))).isEmpty();
    }

    @Test
    void saysWhatIsExpectedAndWhatIsThere() {
        assertThatThrownBy(() -> FeastValue.floats(hex("2005")))
                .hasMessage("a list of floats is expected, not field 4 of wire type 0");
        assertThatThrownBy(() -> FeastValue.int64(hex("120161")))
                .hasMessage("a whole number is expected, not field 2 of wire type 2");
        assertThatThrownBy(() -> FeastValue.int64(hex("20ff"))).hasMessage("a number does not end");
        assertThatThrownBy(() -> FeastValue.int64(hex("200500"))).hasMessage("1 bytes too many");
        assertThatThrownBy(() -> FeastValue.string(hex("12ffffffff0f61")))
                .hasMessage("text of 4294967295 bytes is announced, 1 are there");
        assertThatThrownBy(() -> FeastValue.floats(hex("8201050a03000000"))).hasMessage("a list of floats has 3 bytes");
    }

    private static Buffer hex(String bytes) {
        return Buffer.buffer(HexFormat.of().parseHex(bytes));
    }
}
