package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.store.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the shadow repeat computations of the live version while the CPU is idle, and compares the answers.
 *
 * <p>Thread-safe: the queue is; {@code this} guards the report and its version; the rest is confined to its own thread.
 */
public final class ShadowRunner implements AutoCloseable {

    /*
     * Threads of lower priority do not help, as most systems ignore them. So the runner yields by design:
     *   - a copy is offered without waiting: one that does not fit the short queue is dropped and counted;
     *   - one request is computed at a time, and none while rows wait for the live version;
     *   - after each the runner sleeps, so that it computes no more than its share of the time.
     * Questions with images are skipped: encoding one takes as long as a hundred forecasts.
     */
    private static final Logger log = LoggerFactory.getLogger(ShadowRunner.class);
    private static final int WAITING = 32;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int MAX_POLLS = 40;
    private static final int MAX_QUESTIONS = 8;

    private final Slot live;
    private final Slot shadow;
    private final double load;
    private final Supplier<ShadowReport> newReport;
    private final ArrayBlockingQueue<Copy> copies = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "hemline-shadow");
    private volatile boolean closed;

    @GuardedBy("this") private @Nullable ModelIdentity reported;

    @GuardedBy("this") private @Nullable ShadowReport report;

    public ShadowRunner(Slots slots, StoreConfig config, MeterRegistry meters) {
        this.live = slots.stable();
        this.shadow = slots.shadow();
        this.load = config.channel() == Channel.SHADOW ? 0 : config.shadow().load();
        this.newReport = () -> new ShadowReport(meters, System::nanoTime);
        thread.setDaemon(true);
    }

    /** Whether a shadow may run at all. */
    boolean isOn() {
        return load > 0;
    }

    void start() {
        if (isOn()) {
            thread.start();
        }
    }

    /** A step that offers copies of the answers of the next one, if a shadow may run. */
    public Forecaster copying(Forecaster next) {
        return isOn() ? new ShadowedForecaster(this, next) : next;
    }

    /** Queues a copy of a computed answer, if there is a shadow and the queue has room. */
    void offer(List<Question> questions, Answer answer) {
        LiveModel model = live.live();
        LiveModel current = shadow.live();
        if (current == null || model == null || !answer.model().equals(model.identity())) {
            return;
        }
        if (questions.size() > MAX_QUESTIONS
                || questions.stream().anyMatch(ShadowRunner::hasImage)
                || !copies.offer(new Copy(questions, answer))) {
            report(current).dropped();
        }
    }

    private static boolean hasImage(Question question) {
        return question instanceof SeriesQuestion own && own.image() != null;
    }

    private void run() {
        while (!closed) {
            try {
                Copy copy = copies.poll(POLL.toMillis() * MAX_POLLS, TimeUnit.MILLISECONDS);
                if (copy != null) {
                    compute(copy);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.warn("the shadow failed", e);
            }
        }
    }

    private void compute(Copy copy) throws InterruptedException {
        try (Lease lease = shadow.lease()) {
            if (lease == null) {
                return;
            }
            if (!awaitIdle()) {
                report(lease.model()).dropped();
                return;
            }
            long start = System.nanoTime();
            try {
                Answer answer = answer(lease.model(), copy);
                report(lease.model()).compared(copy.answer(), answer, System.nanoTime() - start);
            } catch (ExecutionException | TimeoutException e) {
                report(lease.model()).failed();
                log.debug("the shadow has no answer", e);
            }
            LockSupport.parkNanos((long) ((System.nanoTime() - start) * (1 / load - 1)));
        }
    }

    private static Answer answer(LiveModel model, Copy copy)
            throws InterruptedException, ExecutionException, TimeoutException {
        return model.path()
                .forecaster()
                .forecast(new Request(copy.questions(), System.nanoTime() + TIMEOUT.toNanos()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for a moment without queued rows of the live version; returns whether it came in time. */
    private boolean awaitIdle() {
        for (int poll = 0; poll < MAX_POLLS && !closed; poll++) {
            LiveModel model = live.live();
            if (model == null || model.queueDepth() == 0) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false;
    }

    /** The distances of the shadow; absent while there is none. */
    ShadowReport.@Nullable Distances distances() {
        LiveModel current = shadow.live();
        return current == null ? null : report(current).distances();
    }

    /** The report on that version; another version begins with an empty one. */
    private synchronized ShadowReport report(LiveModel version) {
        ShadowReport current = report;
        if (current == null || !version.identity().equals(reported)) {
            current = newReport.get();
            report = current;
            reported = version.identity();
        }
        return current;
    }

    /** Stops. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Closing.await(thread);
    }

    private record Copy(List<Question> questions, Answer answer) {}

    /**
     * Offers a copy of each computed answer to the shadow version; no client waits for that.
     *
     * <p>Thread-safe: the runner is.
     */
    static final class ShadowedForecaster implements Forecaster {

        private final ShadowRunner shadow;
        private final Forecaster next;

        ShadowedForecaster(ShadowRunner shadow, Forecaster next) {
            this.shadow = requireNonNull(shadow, "shadow");
            this.next = requireNonNull(next, "next");
        }

        @Override
        public Future<Answer> forecast(Request request) {
            return next.forecast(request).onSuccess(answer -> shadow.offer(request.questions(), answer));
        }

        @Override
        public String toString() {
            return "shadow ▶ " + next;
        }
    }
}
