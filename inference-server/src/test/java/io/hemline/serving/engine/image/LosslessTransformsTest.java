package io.hemline.serving.engine.image;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LosslessTransformsTest {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/images");

    @ParameterizedTest
    @ValueSource(strings = {"lossless.webp", "sheer.webp"})
    void acceptsFilesOfEncoders(String name) throws IOException {
        byte[] file = Files.readAllBytes(FIXTURES.resolve(name));

        assertThatCode(() -> WebpChunks.check(file)).doesNotThrowAnyException();
    }

    @Test
    void rejectsARepeatedTransform() throws IOException {
        byte[] file = Files.readAllBytes(FIXTURES.resolve("refused/transforms-twice.webp"));

        assertThatThrownBy(() -> WebpChunks.check(file)).hasMessageEndingWith("it has a transform twice");
    }

    @Test
    void rejectsDataThatEndWithinTheTransforms() throws IOException {
        byte[] file = Files.readAllBytes(FIXTURES.resolve("lossless.webp"));
        int header = 20;
        byte[] data = Arrays.copyOfRange(file, header, header + 5);
        byte[] cut = ImageFiles.riff(ImageFiles.joined(ImageFiles.ascii("VP8L"), ImageFiles.little(data.length), data));

        assertThatThrownBy(() -> WebpChunks.check(cut)).hasMessageContaining("lossless data break off");
    }
}
