package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.CompletedRequest;
import io.hemline.serving.http.RequestListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every request down, one line of JSON each, on a thread of its own.
 *
 * <p>Thread-safe: {@code waiting} is a concurrent queue, {@code closing} volatile; {@code file} is the writer's alone.
 */
public final class AccessLog implements RequestListener, AutoCloseable {

    /*
     * A request never waits for its line. What the queue cannot hold, because the disk is slow, and what cannot be written,
     * because it is full, is dropped and counted; the log goes on when there is room again. Lines are flushed as soon as
     * none waits, so the last one is never kept back.
     */
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final long FOLLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MILLIS = 100;
    private static final long CLOSE_MILLIS = 5000;

    private final BlockingQueue<LogLine> waiting;
    private final LogFile file;
    private final Clock clock;
    private final Counter overflowed;
    private final Counter unwritten;
    private final Thread writer = new Thread(this::write, "hemline-access-log");
    private volatile boolean closing;
    private boolean failing;

    private AccessLog(LogFile file, int maxQueue, Clock clock, MeterRegistry meters) {
        this.waiting = new ArrayBlockingQueue<>(maxQueue);
        this.file = requireNonNull(file, "file");
        this.clock = requireNonNull(clock, "clock");
        this.overflowed = dropped(meters, "full");
        this.unwritten = dropped(meters, "failed");
        writer.setDaemon(true);
    }

    /**
     * Opens the log that is configured, if one is.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public static Optional<AccessLog> open(AccessLogConfig config, Clock clock, MeterRegistry meters) {
        if (!config.on()) {
            return Optional.empty();
        }
        try {
            boolean stdout = config.to().equals(AccessLogConfig.STDOUT);
            LogFile file = stdout ? LogFile.stdout() : LogFile.of(Path.of(config.to()));
            AccessLog opened = new AccessLog(file, config.maxQueue(), clock, meters);
            opened.writer.start();
            return Optional.of(opened);
        } catch (IOException e) {
            throw new UncheckedIOException("access-log.to: " + config.to() + " cannot be written: " + e, e);
        }
    }

    private static Counter dropped(MeterRegistry meters, String reason) {
        return Counter.builder("access.log.dropped")
                .description("Lines of the access log that were not written")
                .tag("reason", reason)
                .register(meters);
    }

    @Override
    public void left(CompletedRequest passage) {
        if (!waiting.offer(new LogLine(passage, clock.instant()))) {
            overflowed.increment();
        }
    }

    private void write() {
        long followed = System.nanoTime();
        try (file) {
            for (LogLine line = next(); line != null || !closing; line = next()) {
                if (System.nanoTime() - followed >= FOLLOW_NANOS) {
                    followed = System.nanoTime();
                    tried(file::follow);
                }
                if (line != null) {
                    LogLine written = line;
                    tried(() -> file.write(written.bytes()));
                }
                if (waiting.isEmpty()) {
                    tried(file::flush);
                }
            }
        } catch (IOException e) {
            log.warn("the access log could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable LogLine next() throws InterruptedException {
        return waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What fails is told once, until something succeeds again. */
    private void tried(Step step) {
        try {
            step.run();
            failing = false;
        } catch (IOException | RuntimeException e) {
            // Whatever one line holds must not end the writing of the others.
            unwritten.increment();
            if (!failing) {
                failing = true;
                log.warn("the access log cannot be written, lines are dropped: {}", e.toString());
            }
        }
    }

    /** Writes what waits, and closes the file. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something done to the file. */
    @FunctionalInterface
    private interface Step {

        void run() throws IOException;
    }
}
