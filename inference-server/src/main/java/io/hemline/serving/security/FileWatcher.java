package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * Reloads files when they change. A reload that fails is logged and counted ({@code access_reload_total}), and the
 * previous content stays in force.
 *
 * <p>Thread-safe: {@code this} guards the state of {@link #check}.
 */
final class FileWatcher implements AutoCloseable {

    /*
     * Polling once a second costs a few system calls and works on every file system, also where a symbolic link to a
     * folder is replaced, as Kubernetes does with secrets. A file that changes during a reload is reloaded again, and a
     * failed reload is retried at every poll, changed or not: the fault may be transient, and a revoked key must not
     * remain valid until the next change. Equal faults of unchanged files are logged once.
     */
    private static final Logger log = LoggerFactory.getLogger(FileWatcher.class);
    private static final int THREADS = 4;
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final String what;
    private final List<Path> files;
    private final Callable<?> reload;
    private final MeterRegistry meters;
    private final Vertx vertx;
    private final AtomicBoolean checking = new AtomicBoolean();

    /** Of the last successful reload. */
    @GuardedBy("this") private List<Stamp> loaded;

    @GuardedBy("this") private @Nullable Fault logged;

    private long timer = -1;

    /**
     * Watches files from now on; the caller reads them for the first time after this, so that no change is missed.
     *
     * @param what identifies the files in logs and metrics
     * @param reload reads the files and puts their content in force; blocks
     */
    FileWatcher(Vertx vertx, String what, List<Path> files, Callable<?> reload, MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.what = requireNonNull(what, "what");
        this.files = List.copyOf(files);
        this.reload = requireNonNull(reload, "reload");
        this.meters = requireNonNull(meters, "meters");
        this.loaded = stamps();
    }

    /** Starts to poll. */
    FileWatcher start() {
        WorkerExecutor workers = workers(vertx);
        timer = vertx.setPeriodic(INTERVAL.toMillis(), tick -> {
            // A file system that hangs blocks one thread at most.
            if (checking.compareAndSet(false, true)) {
                workers.executeBlocking(this::check, false).onComplete(done -> checking.set(false));
            }
        });
        return this;
    }

    /** The worker threads that all watchers share. */
    static WorkerExecutor workers(Vertx vertx) {
        return vertx.createSharedWorkerExecutor("hemline-files", THREADS);
    }

    /** Reloads the files if they differ from the last successful reload; returns whether they do. */
    synchronized boolean check() {
        List<Stamp> now = stamps();
        if (now.equals(loaded)) {
            return false;
        }
        try {
            reload.call();
            loaded = now;
            logged = null;
            log.info("{} reloaded from {}", what, files);
            count("done");
        } catch (Exception e) {
            count("failed");
            logOnce(new Fault(now, String.valueOf(e.getMessage())));
        }
        return true;
    }

    @GuardedBy("this") private void logOnce(Fault fault) {
        if (!fault.equals(logged)) {
            log.error(
                    "{} cannot be reloaded from {}; the old ones stay in force and the reload is retried: {}",
                    what,
                    files,
                    fault.message());
            logged = fault;
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
