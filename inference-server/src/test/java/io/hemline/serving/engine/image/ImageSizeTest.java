package io.hemline.serving.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSizeTest {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/images");

    @ParameterizedTest
    @CsvSource({
        "plain.jpg, 128000",
        "turned-6.jpg, 97200",
        "tall.png, 84000",
        "wide.webp, 242703",
        "refused/scans-101.jpg, 256",
        "refused/canvas.webp, 400",
        "refused/animated.webp, 1600"
    })
    void readsTheSizeFromTheHeader(String name, long pixels) throws IOException {
        byte[] file = Files.readAllBytes(FIXTURES.resolve(name));

        assertThat(ImageSize.pixels(ByteBuffer.wrap(file))).isEqualTo(pixels);
    }

    @Test
    void reportsAtMostTheSupportedSize() {
        assertThat(ImageSize.pixels(ByteBuffer.wrap(ImageFiles.png(60_000, 60_000, new byte[0]))))
                .isEqualTo(16_000_000);
        assertThat(ImageSize.pixels(ByteBuffer.wrap(ImageFiles.losslessWebp(16_384, 16_384))))
                .isEqualTo(16_000_000);
    }

    @Test
    void reportsZeroForFilesThatAreNoImages() {
        assertThat(ImageSize.pixels(ByteBuffer.allocate(5))).isZero();
        assertThat(ImageSize.pixels(ByteBuffer.allocate(5000))).isZero();
    }
}
