package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.TrendBoard.ScoredTrend;
import io.hemline.serving.core.TrendBoard.Scores;
import io.hemline.serving.core.TrendQuestion;
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
 * <p>Thread-safe: the latch tells the scorer's thread to stop; all else is that thread's.
 */
final class TrendScorer implements AutoCloseable {

    /*
     * A few questions at a time and never two pieces at once: a request that comes meanwhile finds at most one small piece
     * before it. When the server is full the scorer is the one that waits.
     */
    private static final Logger log = LoggerFactory.getLogger(TrendScorer.class);
    private static final int PIECE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);

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
            for (int from = 0; from < trends.size() && !stopping(); from += PIECE) {
                scored.addAll(score(trends.subList(from, Math.min(trends.size(), from + PIECE))));
            }
            if (!stopping()) {
                finish(scored, trends.size());
            }
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            log.warn("the trends could not be scored by version {}", model.version(), e);
        }
    }

    /** Shows the scores; none at all, though there are trends, is no list that anyone should see. */
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

    /** Every trend, as soon as the feature store can name them; none when told to stop before. */
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
     * The scores of a piece, asked again for as long as that may help. Of a piece that fails for good each trend is asked
     * alone: one that cannot be answered, such as one with unusable features, does not cost the others their scores.
     */
    private List<ScoredTrend> score(List<TrendQuestion> piece) throws InterruptedException {
        while (!stopping()) {
            try {
                return asked(piece);
            } catch (ExecutionException e) {
                if (isLasting(e)) {
                    return piece.size() == 1 ? unscored(piece.get(0), e) : oneByOne(piece);
                }
                pause(e);
            }
        }
        return List.of();
    }

    private List<ScoredTrend> oneByOne(List<TrendQuestion> piece) throws InterruptedException {
        List<ScoredTrend> scored = new ArrayList<>(piece.size());
        for (TrendQuestion trend : piece) {
            scored.addAll(score(List.of(trend)));
        }
        return scored;
    }

    private static List<ScoredTrend> unscored(TrendQuestion trend, ExecutionException why) {
        log.debug("{} cannot be scored", trend, why);
        return List.of();
    }

    private List<ScoredTrend> asked(List<TrendQuestion> piece) throws InterruptedException, ExecutionException {
        Request request = new Request(List.<Question>copyOf(piece), System.nanoTime() + PATIENCE.toNanos());
        Answer answer = forecaster
                .forecast(request)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        List<ScoredTrend> scored = new ArrayList<>(piece.size());
        for (int i = 0; i < piece.size(); i++) {
            scored.add(scored(piece.get(i), answer.forecasts().get(i)));
        }
        return scored;
    }

    private static boolean isLasting(ExecutionException failure) {
        return !(failure.getCause() instanceof ForecastException failed)
                || !failed.failure().retryable();
    }

    private void pause(ExecutionException failure) throws InterruptedException {
        log.debug("the trends are asked for again", failure);
        stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScoredTrend scored(TrendQuestion trend, Forecast forecast) {
        double score = forecast.trendScore();
        return new ScoredTrend(
                trend.hashtag(),
                requireNonNull(trend.market(), "market"),
                Double.isNaN(score) ? null : (float) score,
                forecast.trendClass());
    }

    /** Waits until it has finished or given up. */
    void awaitEnd() {
        Closing.await(thread);
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    /** Lets the piece at hand finish. */
    @Override
    public void close() {
        stopped.countDown();
        awaitEnd();
    }
}
