package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.security.ApiKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One client of the warm-up: opens one connection after another, pipelines up to 16 requests on each and discards the
 * responses.
 *
 * <p>Confined to one thread.
 */
final class WarmUpClient implements Callable<Void> {

    /*
     * Bare sockets, because the client takes its time from the warm-up: an HTTP client of Vert.x would have to be
     * compiled first itself.
     */
    private static final int PIPELINED = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

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
                socket.setSoTimeout((int) TIMEOUT.toMillis());
                socket.getOutputStream().write(pipelined());
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            asked.addAndGet(PIPELINED);
        }
        return null;
    }

    /** Pipelined requests, the last of which closes the connection. */
    private byte[] pipelined() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i <= PIPELINED; i++) {
            bytes.writeBytes(questions.next(i == PIPELINED));
        }
        return bytes.toByteArray();
    }

    /**
     * Requests like those of clients, as HTTP/1.1 and generated from a seed: new series, the same known trends again
     * and again, and a few invalid ones.
     *
     * <p>Confined to one thread.
     */
    static final class WarmUpQuestions {

        private static final int WEEKS = 104;

        private final List<TrendQuestion> trends;
        private final ApiKey key;
        private final Random random;
        private int asked;

        WarmUpQuestions(List<TrendQuestion> trends, ApiKey key, long seed) {
            this.trends = trends;
            this.key = key;
            this.random = new Random(seed);
        }

        /** The next request; the last one of a connection asks for it to be closed. */
        byte[] next(boolean last) {
            String text = switch (asked++ % 8) {
                case 0, 2, 4 -> post(items(1), last);
                case 1, 5 -> get("/predict?" + trend(), last);
                case 3 -> get("/v1/forecasts?" + trend(), last);
                case 6 -> post(items(3), last);
                default -> asked % 16 == 0 ? post("{\"items\": [{}]}", last) : get("/predict?hashtags=%20", last);
            };
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        private String trend() {
            if (trends.isEmpty()) {
                return "hashtags=none";
            }
            TrendQuestion trend = trends.get(random.nextInt(trends.size()));
            return "hashtags=" + URLEncoder.encode(trend.hashtag(), StandardCharsets.UTF_8)
                    + (trend.market() == null
                            ? ""
                            : "&market=" + URLEncoder.encode(trend.market(), StandardCharsets.UTF_8));
        }

        private String items(int count) {
            StringJoiner items = new StringJoiner(", ", "{\"items\": [", "]}");
            for (int item = 0; item < count; item++) {
                StringJoiner series = new StringJoiner(", ", "{\"series\": [", "], \"last_week\": \"2026-11-16\"}");
                for (int week = 0; week < WEEKS; week++) {
                    series.add(random.nextInt(1000) + "." + (10 + random.nextInt(90)));
                }
                items.add(series.toString());
            }
            return items.toString();
        }

        private String get(String uri, boolean last) {
            return "GET " + uri + " HTTP/1.1\r\n" + headers(last) + "\r\n";
        }

        private String post(String body, boolean last) {
            return "POST /v1/forecasts HTTP/1.1\r\n" + headers(last)
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        }

        /** Every third request accepts compressed responses. */
        private String headers(boolean last) {
            return "Host: 127.0.0.1\r\nX-API-Key: " + key.reveal() + "\r\n"
                    + (asked % 3 == 0 ? "Accept-Encoding: gzip\r\n" : "")
                    + (last ? "Connection: close\r\n" : "");
        }
    }
}
