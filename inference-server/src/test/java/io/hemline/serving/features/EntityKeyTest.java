package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.testing.Postgres;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntityKeyTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void writesKeysAsFeastDoes() throws IOException {
        List<String> feast = Files.readAllLines(Postgres.ROWS).stream()
                .map(line -> line.substring(0, line.indexOf(',')))
                .distinct()
                .toList();

        assertThat(feast)
                .containsExactlyInAnyOrder(
                        hex("vn", "wideleg"), hex("us", "wideleg"), hex("br", "wideleg"), hex("vn", "áo dài"));
    }

    @Test
    void parsesTheKeysThatItWrites() {
        assertThat(EntityKey.parse(EntityKey.of("vn", "áo dài"))).isEqualTo(new TrendQuestion("áo dài", "vn"));
        assertThat(EntityKey.parse(EntityKey.of("", ""))).isEqualTo(new TrendQuestion("", ""));
    }

    @Test
    void ignoresKeysOfOtherEntities() {
        Buffer key = EntityKey.of("vn", "wideleg");

        for (int length = 0; length < key.length(); length++) {
            assertThat(EntityKey.parse(key.getBuffer(0, length)))
                    .as("%d bytes", length)
                    .isNull();
        }
        assertThat(EntityKey.parse(key.copy().appendByte((byte) 0))).isNull();
        assertThat(EntityKey.parse(key.copy().setIntLE(key.length() - 11, -1))).isNull();
    }

    private static String hex(String market, String hashtag) {
        return HEX.formatHex(EntityKey.of(market, hashtag).getBytes());
    }
}
