package io.hemline.serving.engine;

import static io.hemline.serving.testing.Changed.changed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.ServerConfig;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Image;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.engine.image.ImageFiles;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder whose limit of pixels fits one large image and a small one. */
class QueuedImageEncoderTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final Path FIXTURES = Path.of("../model-store/fixtures");

    @TempDir
    private Path folder;

    private TestServer testServer;
    private QueuedImageEncoder encoder;

    @BeforeEach
    void open() throws Exception {
        TestServer.copy(FIXTURES.resolve("store/good"), folder.resolve("store"));
        ServerConfig config = TestServer.config(folder);
        EncoderConfig encoderConfig = changed(config.encoder(), Map.of("maxPixels", 17_000_000L));
        testServer = TestServer.with(folder, changed(config, Map.of("encoder", encoderConfig)));
        encoder = requireNonNull(testServer.server().models().slot().live())
                .graphs()
                .encoder();
    }

    @AfterEach
    void close() {
        testServer.close();
    }

    @Test
    void abortsALateImageAndStartsTheNextOne() throws Exception {
        Image plain = new Image(Files.readAllBytes(FIXTURES.resolve("images/plain.jpg")));

        Future<float[]> slow = encoder.encode(large(4000), inMillis(300));
        Future<float[]> next = encoder.encode(plain, NEVER);

        TestServer.until("the next image is encoded", next::succeeded);
        TestServer.assertFailure(slow, Failure.DEADLINE_EXCEEDED);
    }

    @Test
    void rejectsAnImageThatExceedsTheQueuedPixels() throws Exception {
        Future<float[]> slow = encoder.encode(large(4000), inMillis(300));
        Future<float[]> second = encoder.encode(large(3999), NEVER);

        TestServer.assertFailure(second, Failure.OVERLOADED);
        assertThat(second.cause()).hasMessageContaining("encoder.max-pixels");
        TestServer.until("the first image is aborted", slow::isComplete);
        Future<float[]> alone = encoder.encode(large(3998), inMillis(300));
        assertThat(alone.isComplete()).isFalse();
        TestServer.until("there is room again", alone::isComplete);
        TestServer.assertFailure(alone, Failure.DEADLINE_EXCEEDED);
    }

    @Test
    void admitsAnyNumberOfPixelsWithNothingQueued() throws Exception {
        ImageJob first = ImageJob.ofFile(large(4000).bytes());
        ImageJob second = ImageJob.ofFile(large(3999).bytes());

        Future<List<float[]>> both = encoder.encode(List.of(first, second), inMillis(300));

        assertThat(both.isComplete()).isFalse();
        TestServer.until("they are aborted", both::isComplete);
        TestServer.assertFailure(both, Failure.DEADLINE_EXCEEDED);
    }

    /** An image that takes long to decode. */
    private static Image large(int side) {
        return new Image(ImageFiles.losslessWebp(side, side));
    }

    private static long inMillis(long millis) {
        return System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }
}
