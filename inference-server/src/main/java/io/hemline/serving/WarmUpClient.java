package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One client of the warm-up: opens one connection after another, pipelines a handful of requests on each and discards the
 * responses.
 *
 * <p>Confined to one thread.
 */
final class WarmUpClient implements Callable<Void> {

    /*
     * Bare sockets, because the client takes its time from the warm-up: an HTTP client of Vert.x would have to be compiled
     * first itself.
     */
    private static final int TOGETHER = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final int port;
    private final WarmUpQuestions questions;
    private final AtomicInteger asked;
    private final BooleanSupplier over;

    WarmUpClient(int port, WarmUpQuestions questions, AtomicInteger asked, BooleanSupplier over) {
        this.port = port;
        this.questions = requireNonNull(questions, "questions");
        this.asked = requireNonNull(asked, "asked");
        this.over = requireNonNull(over, "over");
    }

    /** Sends requests until the warm-up is over, and counts those that were answered. */
    @Override
    public Void call() throws IOException {
        while (!over.getAsBoolean()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream().write(handful());
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            asked.addAndGet(TOGETHER);
        }
        return null;
    }

    /** Pipelined requests, the last of which closes the connection. */
    private byte[] handful() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i <= TOGETHER; i++) {
            bytes.writeBytes(questions.next(i == TOGETHER));
        }
        return bytes.toByteArray();
    }
}
