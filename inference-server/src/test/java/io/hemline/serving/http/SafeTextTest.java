package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {

    @Test
    void cutsLongWordsBetweenCharacters() {
        String shown = SafeText.of("x" + "\uD83D\uDE00".repeat(30));

        assertThat(shown).startsWith("x\uD83D\uDE00").endsWith("…");
        assertThat(SafeText.isPrintable(shown)).isTrue();
    }

    @Test
    void replacesWhatBreaksAText() {
        assertThat(SafeText.quoted("a\u0000b\nc\uD800d\u2028e")).isEqualTo("\"a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\"");
        assertThat(SafeText.clean("fine – ü")).isEqualTo("fine – ü");
        assertThat(SafeText.clean("a\rb")).isEqualTo("a\uFFFDb");
    }
}
