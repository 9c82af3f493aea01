package io.hemline.serving.engine;

import static io.hemline.serving.testing.Changed.changed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.ServerConfig;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.Image;
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

/** A lane with room for one large image and a small one. */
class EncoderLaneTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final Path FIXTURES = Path.of("../model-store/fixtures");

    @TempDir
    private Path folder;

    private TestServer house;
    private EncoderLane lane;

    @BeforeEach
    void open() throws Exception {
        TestServer.copy(FIXTURES.resolve("store/good"), folder.resolve("store"));
        ServerConfig config = TestServer.config(folder);
        EncoderConfig encoder = changed(config.encoder(), Map.of("maxPixels", 17_000_000L));
        house = TestServer.with(folder, changed(config, Map.of("encoder", encoder)));
        lane = requireNonNull(house.server().models().slot().live()).graphs().lane();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void givesALateImageUpAndHasTheNextOneItsTurn() throws Exception {
        Image plain = new Image(Files.readAllBytes(FIXTURES.resolve("images/plain.jpg")));

        Future<float[]> slow = lane.encode(large(4000), inMillis(300));
        Future<float[]> next = lane.encode(plain, NEVER);

        TestServer.until("the next image is encoded", next::succeeded);
        TestServer.assertFailure(slow, Failure.DEADLINE_EXCEEDED);
    }

    @Test
    void refusesAtOnceWhatWouldWaitBehindTooManyPixels() throws Exception {
        Future<float[]> slow = lane.encode(large(4000), inMillis(300));
        Future<float[]> crowded = lane.encode(large(3999), NEVER);

        TestServer.assertFailure(crowded, Failure.OVERLOADED);
        assertThat(crowded.cause()).hasMessageContaining("encoder.max-pixels");
        TestServer.until("the first image is given up", slow::isComplete);
        Future<float[]> alone = lane.encode(large(3998), inMillis(50));
        assertThat(alone.isComplete()).isFalse();
        TestServer.until("there is room again", alone::isComplete);
        TestServer.assertFailure(alone, Failure.DEADLINE_EXCEEDED);
    }

    @Test
    void letsInHoweverManyPixelsOfAnImageThatIsAlone() throws Exception {
        ImageJob first = ImageJob.ofFile(large(4000).bytes());
        ImageJob second = ImageJob.ofFile(large(3999).bytes());

        Future<List<float[]>> both = lane.encode(List.of(first, second), inMillis(50));

        assertThat(both.isComplete()).isFalse();
        TestServer.until("they are given up", both::isComplete);
        TestServer.assertFailure(both, Failure.DEADLINE_EXCEEDED);
    }

    /** One that takes long to be decoded. */
    private static Image large(int side) {
        return new Image(ImageFiles.losslessWebp(side, side));
    }

    private static long inMillis(long millis) {
        return System.nanoTime() + Duration.ofMillis(millis).toNanos();
    }
}
