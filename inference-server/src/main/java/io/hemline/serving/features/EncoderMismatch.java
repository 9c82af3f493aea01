package io.hemline.serving.features;

import io.hemline.serving.core.ForecastException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored embeddings of other image encoders than a version's own, which count as missing in its forecasts.
 *
 * <p>Immutable.
 *
 * @param missing embeddings of other encoders
 * @param stored all embeddings
 */
public record EncoderMismatch(long missing, long stored) {

    private static final Logger log = LoggerFactory.getLogger(EncoderMismatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Counts the embeddings; blocks. An unavailable store counts as having none, since it must not block a version. */
    public static EncoderMismatch of(FeatureSource source, String encoderDigest) {
        try {
            Map<String, Long> encoders = source.encoders()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            long stored = encoders.values().stream().mapToLong(Long::longValue).sum();
            return new EncoderMismatch(stored - encoders.getOrDefault(encoderDigest, 0L), stored);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() instanceof ForecastException known ? known : e;
            log.warn("the encoders of the stored embeddings are unknown: {}", cause.getMessage());
        }
        return new EncoderMismatch(0, 0);
    }

    /** The share of embeddings of other encoders, 0 to 1. */
    public double share() {
        return stored == 0 ? 0 : (double) missing / stored;
    }

    /** The reason why the share exceeds {@code max}; empty if it does not. */
    public Optional<String> fault(double max) {
        return share() <= max
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%d of %d stored embeddings are of another image encoder and would count as missing: %.3g,"
                                + " over features.max-embedding-mismatch of %.3g",
                        missing,
                        stored,
                        share(),
                        max));
    }
}
