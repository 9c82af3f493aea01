package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipEncodingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                    | true",
                "'GZIP'                  | true",
                "'br, gzip;q=0.5'        | true",
                "'*'                     | true",
                "'gzip;q=0, *'           | false",
                "'gzip; q=0.000'         | false",
                "'*;q=0'                 | false",
                "'br, deflate'           | false",
                "'identity'              | false",
                "''                      | false",
            })
    void readsWhatTheClientAccepts(String encodings, boolean accepted) {
        assertThat(GzipEncoding.isAccepted(encodings)).isEqualTo(accepted);
    }

    @Test
    void compressesToTheSameBytes() throws IOException {
        byte[] body = "a forecast ".repeat(200).getBytes(java.nio.charset.StandardCharsets.UTF_8);

        byte[] compressed = GzipEncoding.of(body);

        assertThat(compressed).isNotNull().hasSizeLessThan(body.length);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertThat(in.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void leavesAloneWhatIsSmall() {
        assertThat(GzipEncoding.of(new byte[1023])).isNull();
        assertThat(GzipEncoding.isAccepted(null)).isFalse();
    }
}
