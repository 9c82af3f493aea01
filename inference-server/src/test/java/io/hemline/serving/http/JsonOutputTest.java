package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonOutputTest {

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "0.30000000000000004, 0.3",
        "-0.0, 0.0",
        "-1e-60, 0.0",
        "2.0E-3, 0.002",
        "16777216, 1.6777216E7",
        "NaN, null",
        "Infinity, null",
        "1e300, null",
    })
    void writesFloatsInTheirShortestForm(double value, String written) {
        byte[] json = JsonOutput.write(out -> JsonOutput.writeFloat(out, value));

        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(written);
    }
}
