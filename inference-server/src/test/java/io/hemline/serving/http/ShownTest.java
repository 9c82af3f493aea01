package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void cutsLongWordsBetweenCharacters() {
        String shown = Shown.of("x" + "\uD83D\uDE00".repeat(30));

        assertThat(shown).startsWith("x\uD83D\uDE00").endsWith("…");
        assertThat(Shown.isPrintable(shown)).isTrue();
    }

    @Test
    void replacesWhatBreaksAText() {
        assertThat(Shown.quoted("a\u0000b\nc\uD800d\u2028e")).isEqualTo("\"a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\"");
        assertThat(Shown.clean("fine – ü")).isEqualTo("fine – ü");
        assertThat(Shown.clean("a\rb")).isEqualTo("a\uFFFDb");
    }
}
