package io.hemline.serving.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images crafted to cost a decoder time or memory, and truncated or corrupted ones. */
class MaliciousImagesTest {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/images");
    private static final Path REJECTED = FIXTURES.resolve("refused");
    private static final long LONG = Duration.ofMinutes(5).toNanos();

    private final DecodingMemory memory = new DecodingMemory(200_000_000);

    @TestFactory
    Stream<DynamicTest> rejectsTheImagesThatTheTrainerRejects() throws IOException {
        assertThat(REJECTED).isDirectory();
        JsonObject cases = new JsonObject(Files.readString(REJECTED.resolve("cases.json")));
        return cases.stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> {
                    byte[] file = Files.readAllBytes(REJECTED.resolve(one.getKey()));

                    assertThatThrownBy(() -> input(file))
                            .isInstanceOf(InvalidImage.class)
                            .hasMessageContaining((String) one.getValue());
                }));
    }

    @Test
    void readsTheLargestAllowedNumberOfScans() throws Exception {
        byte[] oneTooMany = Files.readAllBytes(REJECTED.resolve("scans-101.jpg"));
        int scan = 2 + 2 + 6 + 1;
        byte[] file = Arrays.copyOf(oneTooMany, oneTooMany.length - scan);
        file[file.length - 2] = (byte) 0xff;
        file[file.length - 1] = (byte) 0xd9;

        assertThat(input(file)).hasSize(EncoderInput.BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.jpg", "turned-6.jpg", "tall.png", "palette.png", "wide.webp"})
    void rejectsAFileTruncatedAnywhere(String name) throws IOException {
        byte[] whole = Files.readAllBytes(FIXTURES.resolve(name));

        for (int length = whole.length - 1; length > 16; length -= 1 + whole.length / 60) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> input(cut)).as("%d bytes", length).hasMessageContaining("breaks off");
        }
    }

    @Test
    void ignoresTrailingBytes() throws Exception {
        for (String name : new String[] {"plain.jpg", "tall.png", "wide.webp"}) {
            byte[] whole = Files.readAllBytes(FIXTURES.resolve(name));

            assertThat(input(Arrays.copyOf(whole, whole.length + 1000))).isEqualTo(input(whole));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"turned-6.jpg", "alpha.png", "palette.png", "wide.webp", "lossless.webp", "sheer.webp"})
    void readsOrRejectsACorruptedFileWithoutOtherErrors(String name) throws Exception {
        byte[] whole = Files.readAllBytes(FIXTURES.resolve(name));
        Random random = new Random(7);

        for (int i = 0; i < 100; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j < 3; j++) {
                damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(input(damaged)).hasSize(EncoderInput.BYTES);
            } catch (InvalidImage e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void abortsADecoderAtItsDeadline() {
        byte[] slow = ImageFiles.losslessWebp(4000, 4000);

        assertThatThrownBy(() -> EncoderInput.of(slow, memory, inMillis(200))).isInstanceOf(DecodingTimeout.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.jpg", "tall.png", "wide.webp"})
    void startsNoDecoderAfterTheDeadline(String name) throws Exception {
        byte[] file = Files.readAllBytes(FIXTURES.resolve(name));

        assertThatThrownBy(() -> EncoderInput.of(file, memory, inMillis(-1))).isInstanceOf(DecodingTimeout.class);
    }

    @Test
    void waitsForMemoryUntilTheDeadlineAndLeaksNone() throws Exception {
        byte[] file = png(1000, 1000);
        memory.acquire(199_000_000, inMillis(1000));

        assertThatThrownBy(() -> EncoderInput.of(file, memory, inMillis(20))).isInstanceOf(DecodingTimeout.class);
        memory.release(199_000_000);

        assertThat(input(file)).hasSize(EncoderInput.BYTES);
        memory.acquire(200_000_000, inMillis(1000));
    }

    @Test
    void namesTheMemoryLimitThatAnImageExceeds() throws IOException {
        byte[] file = png(1000, 1000);

        assertThatThrownBy(() -> EncoderInput.of(file, new DecodingMemory(2_000_000), inMillis(1000)))
                .isInstanceOf(InvalidImage.class)
                .hasMessage(
                        "must take at most 2000000 bytes of memory here (encoder.max-decoded), takes 3000000 when it"
                                + " is decoded");
    }

    @Test
    void inflatesOnlyTheFirstProfileOfAPng() throws Exception {
        byte[] bomb = ImageFiles.joined(ImageFiles.ascii("profile\0\0"), ImageFiles.deflatedZeros(1 << 20));
        byte[] profile = ImageFiles.chunk("iCCP", bomb);
        byte[][] profiles = new byte[4000][];
        Arrays.fill(profiles, profile);
        byte[] file = ImageFiles.inserted(png(10, 10), ImageFiles.joined(profiles));

        assertThat(EncoderInput.of(file, memory, System.nanoTime() + LONG)).hasSize(EncoderInput.BYTES);
    }

    private byte[] input(byte[] file) throws InvalidImage, DecodingTimeout {
        return EncoderInput.of(file, memory, System.nanoTime() + LONG);
    }

    private static long inMillis(long millis) {
        return System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
