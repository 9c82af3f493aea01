package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.RequestListener;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line of JSON per completed request, encoded and written by a dedicated thread.
 *
 * <p>Thread-safe: {@code queue} is a concurrent queue, {@code closing} is volatile; {@code file} and {@code failing}
 * belong to the writer thread.
 */
public final class AccessLog implements RequestListener, AutoCloseable {

    /*
     * A request never waits for its line. Lines that overflow the queue and lines that cannot be written, as on a full
     * disk, are dropped and counted. The file is flushed whenever the queue is empty.
     *
     * Logback's AsyncAppender drops events without counting them, and its FileAppender neither reports failed writes
     * nor reopens a file that logrotate has moved.
     */
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final long REOPEN_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_MILLIS = 100;
    private static final long CLOSE_TIMEOUT_MILLIS = 5000;

    private final BlockingQueue<Entry> queue;
    private final LogFile file;
    private final Clock clock;
    private final Counter overflowed;
    private final Counter failed;
    private final Thread writer = new Thread(this::run, "hemline-access-log");
    private volatile boolean closing;
    private boolean failing;

    private AccessLog(LogFile file, int maxQueue, Clock clock, MeterRegistry meters) {
        this.queue = new ArrayBlockingQueue<>(maxQueue);
        this.file = requireNonNull(file, "file");
        this.clock = requireNonNull(clock, "clock");
        this.overflowed = dropped(meters, "full");
        this.failed = dropped(meters, "failed");
        writer.setDaemon(true);
    }

    /**
     * Opens the configured log; empty if the access log is off.
     *
     * @throws UncheckedIOException if the file cannot be opened
     */
    public static Optional<AccessLog> open(AccessLogConfig config, Clock clock, MeterRegistry meters) {
        if (!config.on()) {
            return Optional.empty();
        }
        try {
            boolean stdout = config.to().equals(AccessLogConfig.STDOUT);
            LogFile file = stdout ? LogFile.stdout() : LogFile.of(Path.of(config.to()));
            AccessLog accessLog = new AccessLog(file, config.maxQueue(), clock, meters);
            accessLog.writer.start();
            return Optional.of(accessLog);
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
    public void completed(CompletedRequest request) {
        if (!queue.offer(new Entry(request, clock.instant()))) {
            overflowed.increment();
        }
    }

    private void run() {
        long checked = System.nanoTime();
        try (file) {
            for (Entry entry = poll(); entry != null || !closing; entry = poll()) {
                if (System.nanoTime() - checked >= REOPEN_CHECK_NANOS) {
                    checked = System.nanoTime();
                    attempt(file::reopenIfMoved);
                }
                if (entry != null) {
                    Entry next = entry;
                    attempt(() -> file.write(next.line()));
                }
                if (queue.isEmpty()) {
                    attempt(file::flush);
                }
            }
        } catch (IOException e) {
            log.warn("the access log could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Entry poll() throws InterruptedException {
        return queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Counts each failure and logs the first of a series. */
    private void attempt(FileOperation operation) {
        try {
            operation.run();
            failing = false;
        } catch (IOException | RuntimeException e) {
            // An entry that cannot be encoded must not end the writer thread.
            failed.increment();
            if (!failing) {
                failing = true;
                log.warn("the access log cannot be written, lines are dropped: {}", e.toString());
            }
        }
    }

    /** Writes the queued lines and closes the file. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface FileOperation {

        void run() throws IOException;
    }

    /**
     * A queued request.
     *
     * @param end when its response was sent
     */
    private record Entry(CompletedRequest request, Instant end) {

        private static final JsonFactory JSON = new JsonFactory();
        private static final int TYPICAL_LENGTH = 384;

        /** Longer paths are truncated; no route has one. */
        private static final int MAX_PATH = 512;

        /** The line as JSON in UTF-8, with its line feed. */
        byte[] line() {
            ByteArrayOutputStream line = new ByteArrayOutputStream(TYPICAL_LENGTH);
            try (JsonGenerator json = JSON.createGenerator(line)) {
                write(json);
            } catch (IOException e) {
                throw new UncheckedIOException("writing to a byte array does not fail", e);
            }
            line.write('\n');
            return line.toByteArray();
        }

        private void write(JsonGenerator json) throws IOException {
            String path = request.path();
            json.writeStartObject();
            json.writeStringField(
                    "time",
                    end.minusNanos(request.nanos())
                            .truncatedTo(ChronoUnit.MICROS)
                            .toString());
            json.writeStringField("method", request.method());
            json.writeStringField("route", request.route());
            json.writeStringField("path", path.length() <= MAX_PATH ? path : path.substring(0, MAX_PATH) + "…");
            json.writeNumberField("status", request.status());
            json.writeNumberField("duration_us", TimeUnit.NANOSECONDS.toMicros(request.nanos()));
            json.writeNumberField("bytes", request.bytes());
            json.writeStringField("cache", request.cache());
            json.writeStringField("client", request.client());
            json.writeStringField("request_id", request.requestId());
            json.writeStringField("trace_id", request.trace().traceId());
            json.writeEndObject();
        }
    }

    /**
     * The access log.
     *
     * <p>Immutable.
     *
     * @param to a file, {@code -} for the standard output, or empty for no access log
     * @param maxQueue the most lines queued for writing; further ones are dropped and counted
     */
    public record AccessLogConfig(String to, int maxQueue) {

        /** The standard output. */
        static final String STDOUT = "-";

        public AccessLogConfig {
            requireNonNull(to, "to");
            if (maxQueue < 1 || maxQueue > 1_000_000) {
                throw new IllegalArgumentException("maxQueue: 1 to 1000000 lines, not " + maxQueue);
            }
        }

        /** Off; the default queue holds 100 ms of 100,000 requests per second. */
        public static AccessLogConfig defaults() {
            return new AccessLogConfig("", 10_000);
        }

        boolean on() {
            return !to.isBlank();
        }
    }
}
