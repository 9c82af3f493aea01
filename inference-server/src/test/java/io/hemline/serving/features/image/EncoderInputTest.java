package io.hemline.serving.features.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EncoderInputTest {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/images");

    @TestFactory
    Stream<DynamicTest> agreesWithTheTrainerOnTheSharedImages() throws IOException {
        assumeThat(FIXTURES).isDirectory();
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

                    byte[] actual = EncoderInput.of(Files.readAllBytes(file));

                    assertThat(actual).hasSameSizeAs(expected);
                    if (name(file).endsWith(".png")) {
                        assertThat(greatestDifference(actual, expected)).isLessThanOrEqualTo(1);
                    }
                    assertThat(cosine(actual, expected)).isGreaterThanOrEqualTo(0.999);
                }));
    }

    @Test
    void refusesWhatIsNoImage() {
        assertThatThrownBy(() -> EncoderInput.of("GIF89a, but not really".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(BadImage.class)
                .hasMessage("must be a JPEG, PNG or WebP file, these 22 bytes are none");
        assertThatThrownBy(() -> EncoderInput.of(new byte[0])).isInstanceOf(BadImage.class);
    }

    @Test
    void refusesMoreThanSixteenMegapixelsWithoutDecodingThem() throws IOException {
        byte[] bomb = png(50_000, 50_000, new byte[100]);

        assertThatThrownBy(() -> EncoderInput.of(bomb))
                .isInstanceOf(BadImage.class)
                .hasMessage("must have at most 16000000 pixels, has 50000 x 50000 = 2500000000");
    }

    @Test
    void refusesAFileThatBreaksOff() throws IOException {
        byte[] whole = written(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png");
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> EncoderInput.of(half)).isInstanceOf(BadImage.class);
    }

    @Test
    void doesNotInflateTextThatNobodyAskedFor() throws Exception {
        byte[] picture = written(new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_INDEXED), "png");
        byte[] text = "comment\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] bomb = inserted(picture, chunk("zTXt", concat(text, deflatedZeros(1 << 28))));

        byte[] input = EncoderInput.of(bomb);

        assertThat(bomb.length).isLessThan(5_000_000);
        assertThat(input).hasSize(EncoderInput.BYTES);
    }

    @Test
    void readsEveryKindOfPngTheSame() throws Exception {
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

            byte[] input = EncoderInput.of(written(image, "png"));

            assertThat(input).as("type %d", type).containsOnly(0x64);
        }
    }

    @Test
    void laysTransparencyOnWhite() throws Exception {
        byte[] input = EncoderInput.of(written(new BufferedImage(10, 10, BufferedImage.TYPE_INT_ARGB), "png"));

        assertThat(input).containsOnly(0xff);
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    /** A PNG that claims a size and brings hardly any data. */
    private static byte[] png(int width, int height, byte[] data) throws IOException {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        out.write(chunk("IHDR", header));
        out.write(chunk("IDAT", data));
        out.write(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }

    private static byte[] inserted(byte[] png, byte[] chunk) {
        int afterHeader = 8 + 25;
        return concat(Arrays.copyOf(png, afterHeader), concat(chunk, Arrays.copyOfRange(png, afterHeader, png.length)));
    }

    private static byte[] deflatedZeros(int count) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        byte[] buffer = new byte[1 << 16];
        for (int done = 0; done < count; done += zeros.length) {
            deflater.setInput(zeros);
            while (!deflater.needsInput()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
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

    /** Of the pictures themselves, mean removed; the same picture from another decoder stays above 0.999. */
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
