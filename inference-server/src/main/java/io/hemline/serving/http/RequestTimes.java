package io.hemline.serving.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code http_request_duration_seconds}: how long requests took, from their first line read to their last byte written,
 * by route, method and status.
 *
 * <p>Thread-safe: timers are kept in a concurrent map.
 */
final class RequestTimes {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");
    private static final Duration[] BUCKETS = millis(1, 2, 5, 10, 20, 50, 100, 150, 250, 500, 1000, 2500, 5000, 10_000);

    private final MeterRegistry meters;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestTimes(MeterRegistry meters) {
        this.meters = meters;
        // There from the start: an alert cannot tell a server that nobody asks from one that counts nothing.
        timers.computeIfAbsent(new Key("/predict", "GET", 200), this::timer);
    }

    /** Counts one request. The route is the template of its path. */
    void record(String route, HttpMethod method, int status, long nanos) {
        String name = METHODS.contains(method.name()) ? method.name() : "other";
        Key key = new Key(route, name, status);
        Timer timer = timers.get(key);
        if (timer == null) {
            timer = timers.computeIfAbsent(key, this::timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        return Timer.builder("http.request.duration")
                .description("How long HTTP requests took, by route, method and status")
                .tag("route", key.route())
                .tag("method", key.method())
                .tag("status", Integer.toString(key.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private static Duration[] millis(long... millis) {
        Duration[] durations = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            durations[i] = Duration.ofMillis(millis[i]);
        }
        return durations;
    }

    private record Key(String route, String method, int status) {}
}
