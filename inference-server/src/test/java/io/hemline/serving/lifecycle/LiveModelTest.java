package io.hemline.serving.lifecycle;

import static io.hemline.serving.testing.Forecasts.LAST_WEEK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.engine.BatchedForecaster;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.rollout.LeasedResponder;
import io.hemline.serving.rollout.VersionSelector;
import io.hemline.serving.testing.Responses;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveModelTest {

    private static final Request ONE = new Request(
            List.of(new SeriesQuestion(Series.of(LAST_WEEK, 1, 2, 3), Attributes.UNKNOWN, null)), Long.MAX_VALUE);

    @TempDir
    private Path folder;

    private TestServer testServer;
    private Slot slot;

    @BeforeEach
    void open() throws Exception {
        testServer = TestServer.of(folder, "good");
        slot = testServer.server().models().slot();
    }

    @AfterEach
    void close() {
        testServer.close();
    }

    @Test
    void staysAliveForTheLeaseThatWasGivenBeforeTheSwap() throws Exception {
        Lease lease = requireNonNull(slot.lease());
        LiveModel old = lease.model();

        swapFrom(old);
        Answer answer = await(old.path().forecaster().forecast(ONE));

        assertThat(answer.model()).isEqualTo(old.identity());
        assertThat(old.lifecycle().moment().state()).isEqualTo(ModelState.DRAINING);
        assertThat(old.lease()).isNull();
        assertThat(old.closed().isComplete()).isFalse();

        lease.close();
        lease.close();

        await(old.closed());
        assertThat(old.lifecycle().moment().state()).isEqualTo(ModelState.CLOSED);
        assertThat(requireNonNull(slot.live()).leases()).isZero();
    }

    @Test
    void returnsTheLeaseOfARequestThatFails() {
        Slots slots = new Slots(slot, new Slot(false), new Slot(false));
        LeasedResponder leased = new LeasedResponder(new VersionSelector(slots, StoreConfig.Canary.defaults()));
        LiveModel live = requireNonNull(slot.live());

        Future<Answer> late = Responses.answer(leased, new Request(ONE.questions(), System.nanoTime() - 1));

        TestServer.assertFailure(late, Failure.DEADLINE_EXCEEDED);
        assertThat(live.leases()).isZero();
    }

    @Test
    void refusesARequestThatDoesNotFitIntoTheQueue() {
        LiveModel live = requireNonNull(slot.live());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Forecaster batched = new BatchedForecaster(live.graphs(), System::nanoTime, meters);
        Request many = new Request(Collections.nCopies(1025, ONE.questions().get(0)), Long.MAX_VALUE);

        Future<Answer> refused = batched.forecast(many);

        TestServer.assertFailure(refused, Failure.OVERLOADED);
        assertThat(meters.get("forecast.shed")
                        .tag("reason", "queue_full")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void hidesTheCauseOfAnInternalFailureFromTheCaller() {
        IllegalStateException cause = new IllegalStateException("secret");

        Throwable failure = BatchRejected.toForecastException("forecaster", cause);

        assertThat(failure)
                .isInstanceOf(ForecastException.class)
                .hasMessageNotContaining("secret")
                .hasCause(cause);
    }

    private void swapFrom(LiveModel old) throws InterruptedException {
        int other = 3 - old.version();
        testServer.store().promote("trend", other, Channel.STABLE);
        TestServer.until(
                "the other version is live", () -> requireNonNull(slot.live()).version() == other);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
