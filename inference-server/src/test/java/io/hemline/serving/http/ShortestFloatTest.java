package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.hemline.serving.http.JsonOutput.ShortestFloat;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortestFloatTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "-1.5, -1.5",
        "0.001, 0.001",
        "0.3, 0.3",
        "120, 120.0",
        "1200000, 1200000.0",
        "8388608, 8388608.0",
        "9999999, 9999999.0",
        "16777216, 1.6777216E7",
        "0.0009999999, 9.999999E-4",
        "0, 0.0",
        "-3.4028235E38, -3.4028235E38",
        "33554.434, 33554.434",
    })
    void writesTheFewestDigitsThatReadBackTheSame(float value, String decimal) {
        String written = written(value);

        assertThat(written).isEqualTo(decimal);
        assertThat(Float.parseFloat(written)).isEqualTo(value);
    }

    @Test
    void writesAsSchubfachDoes() {
        Random random = new Random(3);

        for (int i = 0; i < 100_000; i++) {
            float value = (float) ((random.nextBoolean() ? 1 : -1) * Math.pow(10, 12 * random.nextDouble() - 4));
            assertThat(written(value)).isEqualTo(NumberOutput.toString(value, true));
        }
    }

    private static String written(float value) {
        return new String(JsonOutput.write(json -> ShortestFloat.write(json, value)), StandardCharsets.UTF_8);
    }
}
