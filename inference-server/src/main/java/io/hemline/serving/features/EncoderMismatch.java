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
 * How many of the stored embeddings another encoder made than a version's own: they count as missing when it answers.
 *
 * <p>Immutable.
 *
 * @param missing embeddings of other encoders
 * @param stored all embeddings
 */
public record EncoderMismatch(long missing, long stored) {

    private static final Logger log = LoggerFactory.getLogger(EncoderMismatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Counts them; blocks. A store that cannot be asked now has none, since it must not keep a version back. */
    public static EncoderMismatch of(FeatureSource source, String encoderDigest) {
        try {
            Map<String, Long> encoders = source.encoders()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            long stored = encoders.values().stream().mapToLong(Long::longValue).sum();
            return new EncoderMismatch(stored - encoders.getOrDefault(encoderDigest, 0L), stored);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() instanceof ForecastException known ? known : e;
            log.warn("whose encoder made the stored embeddings cannot be told: {}", cause.getMessage());
        }
        return new EncoderMismatch(0, 0);
    }

    /** The share of other encoders' embeddings, 0 to 1. */
    public double share() {
        return stored == 0 ? 0 : (double) missing / stored;
    }

    /** Why so many are too many; empty when they are not. */
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
