package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.TrendBoard.ScoredTrend;
import io.hemline.serving.core.TrendBoard.Scores;
import io.hemline.serving.features.FeatureSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores every known trend in the background, once for each version that goes live.
 *
 * <p>Thread-safe: a latch stops the scorer's thread; all other state is confined to that thread.
 */
final class TrendScorer implements AutoCloseable {

    /*
     * The scorer computes a few questions at a time and never two chunks at once, so that a request waits for at most
     * one small chunk. While the server is full the scorer waits.
     */
    private static final Logger log = LoggerFactory.getLogger(TrendScorer.class);
    private static final int CHUNK = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_DELAY = Duration.ofMillis(200);

    private final ModelIdentity model;
    private final Forecaster forecaster;
    private final FeatureSource source;
    private final Consumer<Scores> finished;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    @SuppressWarnings("ThreadPriorityCheck") // a hint to yield to requests; nothing relies on it
    TrendScorer(ModelIdentity model, Forecaster forecaster, FeatureSource source, Consumer<Scores> finished) {
        this.model = requireNonNull(model, "model");
        this.forecaster = requireNonNull(forecaster, "forecaster");
        this.source = requireNonNull(source, "source");
        this.finished = requireNonNull(finished, "finished");
        this.thread = new Thread(this::run, "hemline-trends-" + model.version());
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            List<TrendQuestion> trends = trends();
            List<ScoredTrend> scored = new ArrayList<>(trends.size());
            for (int from = 0; from < trends.size() && !stopping(); from += CHUNK) {
                scored.addAll(score(trends.subList(from, Math.min(trends.size(), from + CHUNK))));
            }
            if (!stopping()) {
                finish(scored, trends.size());
            }
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            log.warn("the trends could not be scored by version {}", model.version(), e);
        }
    }

    /** Publishes the scores, unless there are trends and none could be scored. */
    private void finish(List<ScoredTrend> scored, int trends) {
        if (scored.size() < trends) {
            log.warn(
                    "{} of {} trends could not be scored by version {}",
                    trends - scored.size(),
                    trends,
                    model.version());
        }
        if (!scored.isEmpty() || trends == 0) {
            finished.accept(new Scores(model, scored));
        }
    }

    /** Every trend, as soon as the feature store can list them; none if closed before. */
    private List<TrendQuestion> trends() throws InterruptedException, ExecutionException {
        while (!stopping()) {
            try {
                return source.all().toCompletionStage().toCompletableFuture().get();
            } catch (ExecutionException e) {
                if (isLasting(e)) {
                    throw e;
                }
                pause(e);
            }
        }
        return List.of();
    }

    /**
     * The scores of a chunk, retried while the failure is temporary. After a lasting failure each trend is scored
     * alone, so that one trend with unusable features does not fail the others.
     */
    private List<ScoredTrend> score(List<TrendQuestion> chunk) throws InterruptedException {
        while (!stopping()) {
            try {
                return forecast(chunk);
            } catch (ExecutionException e) {
                if (isLasting(e)) {
                    return chunk.size() == 1 ? unscored(chunk.get(0), e) : oneByOne(chunk);
                }
                pause(e);
            }
        }
        return List.of();
    }

    private List<ScoredTrend> oneByOne(List<TrendQuestion> chunk) throws InterruptedException {
        List<ScoredTrend> scored = new ArrayList<>(chunk.size());
        for (TrendQuestion trend : chunk) {
            scored.addAll(score(List.of(trend)));
        }
        return scored;
    }

    private static List<ScoredTrend> unscored(TrendQuestion trend, ExecutionException why) {
        log.debug("{} cannot be scored", trend, why);
        return List.of();
    }

    private List<ScoredTrend> forecast(List<TrendQuestion> chunk) throws InterruptedException, ExecutionException {
        Request request = new Request(List.<Question>copyOf(chunk), System.nanoTime() + TIMEOUT.toNanos());
        Answer answer = forecaster
                .forecast(request)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        List<ScoredTrend> scored = new ArrayList<>(chunk.size());
        for (int i = 0; i < chunk.size(); i++) {
            scored.add(scored(chunk.get(i), answer.forecasts().get(i)));
        }
        return scored;
    }

    private static boolean isLasting(ExecutionException failure) {
        return !(failure.getCause() instanceof ForecastException failed)
                || !failed.failure().retryable();
    }

    private void pause(ExecutionException failure) throws InterruptedException {
        log.debug("the scoring is retried", failure);
        stopped.await(RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScoredTrend scored(TrendQuestion trend, Forecast forecast) {
        double score = forecast.trendScore();
        return new ScoredTrend(
                trend.hashtag(),
                requireNonNull(trend.market(), "market"),
                Double.isNaN(score) ? null : (float) score,
                forecast.trendClass());
    }

    /** Waits until the thread has ended. */
    void awaitEnd() {
        Closing.await(thread);
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    /** Waits until the current chunk has finished. */
    @Override
    public void close() {
        stopped.countDown();
        awaitEnd();
    }
}
