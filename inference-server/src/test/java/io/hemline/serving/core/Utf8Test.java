package io.hemline.serving.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    private static final long SEED = 20_261_201;
    private static final int ROUNDS = 200_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1b7",
                "c080",
                "e081b7",
                "f08081b7",
                "eda080",
                "edbfbf",
                "f4908080",
                "f5808080",
                "80",
                "c3",
                "e282",
                "f09f98",
                "c341",
                "fe",
                "ff"
            })
    void refusesWhatIsNoCharacter(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(Utf8.isValid(bytes, bytes.length)).isFalse();
    }

    @Test
    void readsNothingBehindTheLength() {
        byte[] bytes = HexFormat.of().parseHex("41c3bcff");

        assertThat(Utf8.isValid(bytes, 3)).isTrue();
        assertThat(Utf8.isValid(bytes, 2)).isFalse();
        assertThat(Utf8.isValid(bytes, 4)).isFalse();
    }

    /** Bytes that often begin characters, so that many of them are whole. */
    @Test
    void saysWhatJavasOwnDecoderSays() {
        Random random = new Random(SEED);
        byte[] leads = HexFormat.of().parseHex("4180bfc1c2dfe0e1edefeef0f1f3f4f59fa08f90");
        int valid = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = leads[random.nextInt(leads.length)];
            }
            boolean decoded = decodes(bytes);
            valid += decoded ? 1 : 0;
            assertThat(Utf8.isValid(bytes, bytes.length))
                    .as(HexFormat.of().formatHex(bytes))
                    .isEqualTo(decoded);
        }
        assertThat(valid).isBetween(ROUNDS / 100, ROUNDS / 2);
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
