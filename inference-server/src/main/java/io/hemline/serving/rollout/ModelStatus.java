package io.hemline.serving.rollout;

import io.hemline.serving.batch.Calibration.BatchPlan;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.lifecycle.VersionLifecycle;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The state of the served model.
 *
 * <p>Immutable.
 *
 * @param model its name
 * @param channel that is followed
 * @param desired the version that the channel names, absent while it names none
 * @param live the version that answers, absent while there is none
 * @param complaint why the store or its channel cannot be read, absent when they can
 * @param canary the version of the canary channel, absent while it names none
 * @param shadow the version of the shadow channel, absent while it names none
 * @param distances of the shadow's answers, absent while there is no shadow
 * @param canaryShare the share of the questions that a canary answers
 * @param versions those of the store, and those in use or desired that are missing there; ascending
 */
public record ModelStatus(
        String model,
        String channel,
        @Nullable Integer desired,
        @Nullable Integer live,
        @Nullable String complaint,
        @Nullable SideVersion canary,
        @Nullable SideVersion shadow,
        ShadowReport.@Nullable Distances distances,
        double canaryShare,
        List<VersionStatus> versions) {

    /**
     * A canary or shadow version.
     *
     * @param desired the version that its channel names
     * @param live the version that runs now, absent while none does
     * @param refusal why the desired version does not run, or runs no longer
     */
    public record SideVersion(
            int desired, @Nullable Integer live, @Nullable String refusal) {}

    /**
     * One version.
     *
     * @param version its number
     * @param channels that name it
     * @param digest of the artifact, absent if the manifest cannot be read
     * @param created when, RFC 3339
     * @param moment the state it is in
     * @param batches its batch sizes and threads; absent unless it is live
     * @param latency its answers' microseconds within the last minute; absent unless it is live
     * @param memory contents of its cache; absent unless it is live
     */
    public record VersionStatus(
            int version,
            List<String> channels,
            @Nullable String digest,
            @Nullable String created,
            VersionLifecycle.Moment moment,
            @Nullable Batching batches,
            @Nullable Histogram latency,
            AnswerCache.@Nullable Size memory) {}

    /**
     * Batch sizes and threads of a version.
     *
     * @param sizes of its batches
     * @param threads that run them
     * @param micros of one thread for a batch of each size that was measured
     */
    public record Batching(List<Integer> sizes, int threads, SortedMap<Integer, Long> micros) {

        static Batching of(BatchPlan plan) {
            SortedMap<Integer, Long> micros = new TreeMap<>();
            plan.nanos().forEach((size, nanos) -> micros.put(size, TimeUnit.NANOSECONDS.toMicros(nanos)));
            return new Batching(Arrays.stream(plan.sizes().all()).boxed().toList(), plan.threads(), micros);
        }
    }
}
