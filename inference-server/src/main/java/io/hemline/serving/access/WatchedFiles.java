package io.hemline.serving.access;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are read anew when they change. What cannot be read is logged and counted ({@code access_reload_total}), and
 * what was read before stays in force.
 *
 * <p>Thread-safe: one look at a time, which {@link #look} guards by its lock.
 */
public final class WatchedFiles implements AutoCloseable {

    /*
     * Looking once a second costs a few system calls and works on every file system, also where a whole folder is swapped
     * under a link, as Kubernetes does with secrets. A file that changes while it is read is read again.
     */
    private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final String what;
    private final List<Path> files;
    private final Callable<?> reading;
    private final MeterRegistry meters;
    private final Vertx vertx;
    private List<Stamp> seen;
    private long timer = -1;

    /**
     * Files that have been read once.
     *
     * @param what names them in logs and metrics
     * @param reading reads them again and puts what it read in force; blocks
     */
    public WatchedFiles(Vertx vertx, String what, List<Path> files, Callable<?> reading, MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.what = requireNonNull(what, "what");
        this.files = List.copyOf(files);
        this.reading = requireNonNull(reading, "reading");
        this.meters = requireNonNull(meters, "meters");
        this.seen = stamps();
    }

    /** Looks from now on. */
    public WatchedFiles start() {
        timer = vertx.setPeriodic(EVERY.toMillis(), tick -> vertx.executeBlocking(() -> look(), false));
        return this;
    }

    /** Reads them if they have changed; whether it did. */
    synchronized boolean look() {
        List<Stamp> now = stamps();
        if (now.equals(seen)) {
            return false;
        }
        seen = now;
        try {
            reading.call();
            log.info("{} read anew from {}", what, files);
            count("done");
        } catch (Exception e) {
            log.error("{} cannot be read from {}, so the old stay in force: {}", what, files, e.getMessage());
            count("failed");
        }
        return true;
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }

    private void count(String outcome) {
        meters.counter("access.reload", "what", what, "outcome", outcome).increment();
    }

    private List<Stamp> stamps() {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            stamps.add(Stamp.of(file));
        }
        return stamps;
    }

    private record Stamp(
            @Nullable FileTime modified,
            long size,
            @Nullable Object key) {

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException e) {
                return new Stamp(null, -1, null);
            }
        }
    }
}
