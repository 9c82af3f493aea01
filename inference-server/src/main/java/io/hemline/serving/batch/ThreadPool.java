package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

/**
 * The worker threads of one batcher.
 *
 * <p>Immutable.
 *
 * @param role prefix of the threads' names
 * @param threads number of threads
 * @param priority of the threads, {@link Thread#MIN_PRIORITY} to {@link Thread#NORM_PRIORITY}
 */
public record ThreadPool(String role, int threads, int priority) {

    public ThreadPool {
        requireNonNull(role, "role");
        if (threads < 1) {
            throw new IllegalArgumentException("threads: from 1 on, not " + threads);
        }
        if (priority < Thread.MIN_PRIORITY || priority > Thread.NORM_PRIORITY) {
            throw new IllegalArgumentException("priority: 1 to 5, not " + priority);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a scheduling hint; correctness does not depend on it
    Thread thread(int worker, Runnable work) {
        Thread thread = new Thread(work, role + "-" + worker);
        thread.setDaemon(true);
        thread.setPriority(priority);
        return thread;
    }
}
