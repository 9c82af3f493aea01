package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.lifecycle.RecentLatency;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The distances of one shadow's answers from those that clients got, and their latency.
 *
 * <p>Thread-safe: {@code this} guards the sums.
 */
public final class ShadowReport {

    private final MeterRegistry meters;
    private final DistributionSummary scoreDistance;
    private final DistributionSummary quantileDistance;
    private final RecentLatency latency;

    @GuardedBy("this") private long compared;

    @GuardedBy("this") private double scores;

    @GuardedBy("this") private double greatestScore;

    @GuardedBy("this") private double quantiles;

    @GuardedBy("this") private long dropped;

    @GuardedBy("this") private long failed;

    ShadowReport(MeterRegistry meters, LongSupplier nanoTime) {
        this.meters = requireNonNull(meters, "meters");
        this.scoreDistance = distance("trend_score");
        this.quantileDistance = distance("quantiles");
        this.latency = new RecentLatency(nanoTime);
    }

    private DistributionSummary distance(String of) {
        return DistributionSummary.builder("shadow.distance")
                .description(
                        "Difference of the shadow's answer: of trend_score as it is, of the quantiles as a share of"
                                + " the medians")
                .tag("of", of)
                .register(meters);
    }

    /** Compares one answer with the one that the client got. */
    void compared(Answer given, Answer shadow, long nanos) {
        if (!shadow.isHit()) {
            latency.record(nanos);
        }
        for (int i = 0; i < given.forecasts().size(); i++) {
            compared(given.forecasts().get(i), shadow.forecasts().get(i));
        }
        count("compared");
    }

    private synchronized void compared(Forecast given, Forecast shadow) {
        double score = Math.abs(given.trendScore() - shadow.trendScore());
        double distance = 0;
        double size = 0;
        for (int week = 0; week < Forecast.HORIZON; week++) {
            float[] givenLevels = given.quantiles()[week];
            float[] shadowLevels = shadow.quantiles()[week];
            for (int level = 0; level < givenLevels.length; level++) {
                distance += Math.abs(givenLevels[level] - shadowLevels[level]) / givenLevels.length;
            }
            size += Math.abs(givenLevels[givenLevels.length / 2]);
        }
        double share = distance == 0 ? 0 : distance / Math.max(size, Float.MIN_NORMAL);
        compared++;
        quantiles += share;
        quantileDistance.record(share);
        if (!Double.isNaN(score)) {
            scores += score;
            greatestScore = Math.max(greatestScore, score);
            scoreDistance.record(score);
        }
    }

    synchronized void dropped() {
        dropped++;
        count("dropped");
    }

    synchronized void failed() {
        failed++;
        count("failed");
    }

    private void count(String outcome) {
        Counter.builder("shadow.requests")
                .description("Copies of requests by what became of them")
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }

    /** The distances so far. */
    synchronized Distances distances() {
        double all = Math.max(1, compared);
        return new Distances(compared, dropped, failed, scores / all, greatestScore, quantiles / all, millis());
    }

    private double millis() {
        Histogram micros = latency.lastMinute();
        return micros.getTotalCount() == 0
                ? Double.NaN
                : micros.getValueAtPercentile(99) / (double) TimeUnit.MILLISECONDS.toMicros(1);
    }

    /**
     * The distances of a shadow's answers.
     *
     * @param compared forecasts that were compared
     * @param dropped copies that did not fit the queue
     * @param failed copies that it failed to answer
     * @param meanScore mean difference of trend_score
     * @param greatestScore the greatest difference of trend_score
     * @param meanQuantiles mean difference of the quantiles, as a share of the medians
     * @param p99Millis of its answers within the last minute, {@code NaN} without any
     */
    public record Distances(
            long compared,
            long dropped,
            long failed,
            double meanScore,
            double greatestScore,
            double meanQuantiles,
            double p99Millis) {}
}
