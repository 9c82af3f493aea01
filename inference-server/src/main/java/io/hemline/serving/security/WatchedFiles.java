package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
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
     * under a link, as Kubernetes does with secrets. A file that changes while it is read is read again, and one that could
     * not be read is tried again with every look, changed or not: the fault may have been a passing one, and a key that the
     * file takes back must not stay good until the next change. The same fault of the same files is logged once.
     */
    private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);
    private static final int THREADS = 4;
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final String what;
    private final List<Path> files;
    private final Callable<?> reading;
    private final MeterRegistry meters;
    private final Vertx vertx;
    private final AtomicBoolean looking = new AtomicBoolean();
    private List<Stamp> seen; // what was read last without fault
    private @Nullable Fault told;
    private long timer = -1;

    /**
     * Files that the caller reads once after this: what changes from now on is noticed.
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
        WorkerExecutor workers = workers(vertx);
        timer = vertx.setPeriodic(EVERY.toMillis(), tick -> {
            // A file system that hangs costs one thread, and no queue.
            if (looking.compareAndSet(false, true)) {
                workers.executeBlocking(this::look, false).onComplete(done -> looking.set(false));
            }
        });
        return this;
    }

    /** The threads that read such files, of all who follow any. */
    static WorkerExecutor workers(Vertx vertx) {
        return vertx.createSharedWorkerExecutor("hemline-files", THREADS);
    }

    /** Reads them if they have changed since they were last read without fault; whether it did. */
    synchronized boolean look() {
        List<Stamp> now = stamps();
        if (now.equals(seen)) {
            return false;
        }
        try {
            reading.call();
            seen = now;
            told = null;
            log.info("{} read anew from {}", what, files);
            count("done");
        } catch (Exception e) {
            count("failed");
            tell(new Fault(now, String.valueOf(e.getMessage())));
        }
        return true;
    }

    private void tell(Fault fault) {
        if (!fault.equals(told)) {
            log.error(
                    "{} cannot be read from {}, so the old stay in force; tried again until it can be: {}",
                    what,
                    files,
                    fault.message());
            told = fault;
        }
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

    /** Why they could not be read as they are. */
    private record Fault(List<Stamp> stamps, String message) {}

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
