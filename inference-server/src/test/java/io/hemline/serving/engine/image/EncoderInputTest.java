package io.hemline.serving.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EncoderInputTest {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/images");

    @TestFactory
    Stream<DynamicTest> matchesTheTrainerOnTheSharedImages() throws IOException {
        assertThat(FIXTURES).isDirectory();
        List<Path> files;
        try (Stream<Path> all = Files.list(FIXTURES)) {
            files = all.filter(file -> file.toString().matches(".*\\.(jpg|png|webp)"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(5);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    byte[] expected = expected(file);

                    byte[] actual = input(Files.readAllBytes(file));

                    assertThat(actual).hasSameSizeAs(expected);
                    if (name(file).endsWith(".png")) {
                        assertThat(greatestDifference(actual, expected)).isLessThanOrEqualTo(1);
                    }
                    assertThat(cosine(actual, expected)).isGreaterThanOrEqualTo(0.999);
                }));
    }

    @Test
    void rejectsFilesThatAreNoImages() {
        assertThatThrownBy(() -> input("GIF89a, but not really".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(InvalidImage.class)
                .hasMessage("must be a JPEG, PNG or WebP file, these 22 bytes are none");
        assertThatThrownBy(() -> input(new byte[0])).isInstanceOf(InvalidImage.class);
    }

    @Test
    void rejectsMoreThanSixteenMegapixelsWithoutDecodingThem() throws IOException {
        byte[] bomb = ImageFiles.png(50_000, 50_000, new byte[100]);

        assertThatThrownBy(() -> input(bomb))
                .isInstanceOf(InvalidImage.class)
                .hasMessage("must have at most 16000000 pixels, has 50000 x 50000 = 2500000000");
    }

    @Test
    void doesNotInflateTextChunks() throws Exception {
        byte[] png = written(new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_INDEXED), "png");
        byte[] text = "comment\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] bomb = ImageFiles.inserted(
                png, ImageFiles.chunk("zTXt", ImageFiles.joined(text, ImageFiles.deflatedZeros(1 << 28))));

        byte[] input = input(bomb);

        assertThat(bomb.length).isLessThan(5_000_000);
        assertThat(input).hasSize(EncoderInput.BYTES);
    }

    @Test
    void readsEveryPngColorTypeTheSame() throws Exception {
        for (int type : new int[] {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_USHORT_GRAY
        }) {
            BufferedImage image = new BufferedImage(300, 300, type);
            int[] grey = new int[image.getRaster().getNumBands()];
            int full = type == BufferedImage.TYPE_USHORT_GRAY ? 0x6464 : 0x64;
            Arrays.fill(grey, full);
            if (grey.length == 4) {
                grey[3] = 255;
            }
            for (int i = 0; i < 300 * 300; i++) {
                image.getRaster().setPixel(i % 300, i / 300, grey);
            }

            byte[] input = input(written(image, "png"));

            assertThat(input).as("type %d", type).containsOnly(0x64);
        }
    }

    @Test
    void blendsTransparencyOnWhite() throws Exception {
        byte[] input = input(written(new BufferedImage(10, 10, BufferedImage.TYPE_INT_ARGB), "png"));

        assertThat(input).containsOnly(0xff);
    }

    private static byte[] input(byte[] file) throws InvalidImage, DecodingTimeout {
        return EncoderInput.of(
                file,
                new DecodingMemory(Long.MAX_VALUE >> 24),
                System.nanoTime() + Duration.ofMinutes(5).toNanos());
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static byte[] expected(Path image) throws IOException {
        String stem = name(image).substring(0, name(image).lastIndexOf('.'));
        byte[] zipped = Files.readAllBytes(image.resolveSibling(stem + ".rgb.gz"));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return in.readAllBytes();
        }
    }

    private static int greatestDifference(byte[] a, byte[] b) {
        int greatest = 0;
        for (int i = 0; i < a.length; i++) {
            greatest = Math.max(greatest, Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
        }
        return greatest;
    }

    /** Cosine similarity without the means; the same image from another decoder stays above 0.999. */
    private static double cosine(byte[] a, byte[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double dot = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            double x = (a[i] & 0xff) - meanA;
            double y = (b[i] & 0xff) - meanB;
            dot += x * y;
            squareA += x * x;
            squareB += y * y;
        }
        return dot / Math.sqrt(squareA * squareB);
    }

    private static double mean(byte[] values) {
        double sum = 0;
        for (byte value : values) {
            sum += value & 0xff;
        }
        return sum / values.length;
    }
}
