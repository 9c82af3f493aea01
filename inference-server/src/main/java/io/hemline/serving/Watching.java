package io.hemline.serving;

import io.hemline.serving.http.Witness;
import io.hemline.serving.journal.AccessLog;
import io.hemline.serving.trace.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that watches the requests: meters, the access log, traces.
 *
 * <p>Thread-safe: its parts are.
 */
final class Watching implements AutoCloseable {

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterRegistry meters;
    private final Optional<AccessLog> accessLog;
    private final Optional<Traces> traces;

    Watching(ServerConfig config, String version) {
        // A composite of nothing gives meters that do nothing.
        this.meters = config.metrics().enabled() ? prometheus : new CompositeMeterRegistry();
        this.accessLog = AccessLog.open(config.accessLog(), Clock.systemUTC(), meters);
        this.traces = Traces.open(config.traces(), version, Clock.systemUTC());
    }

    /** Where everything is counted. */
    MeterRegistry meters() {
        return meters;
    }

    /** What Prometheus reads. */
    PrometheusMeterRegistry prometheus() {
        return prometheus;
    }

    /** Who hears of every request. */
    List<Witness> witnesses() {
        return Stream.<Optional<? extends Witness>>of(accessLog, traces)
                .<Witness>flatMap(Optional::stream)
                .toList();
    }

    /** Writes and sends what waits. */
    @Override
    public void close() {
        accessLog.ifPresent(AccessLog::close);
        traces.ifPresent(Traces::close);
        meters.close();
        prometheus.close();
    }
}
