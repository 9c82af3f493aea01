package io.hemline.serving.telemetry;

import io.hemline.serving.http.RequestListener;
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
public final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterRegistry meters;
    private final Optional<AccessLog> accessLog;
    private final Optional<Traces> traces;

    public Telemetry(MetricsConfig metrics, AccessLogConfig log, TracesConfig spans, String version) {
        // A composite of nothing gives meters that do nothing.
        this.meters = metrics.enabled() ? prometheus : new CompositeMeterRegistry();
        this.accessLog = AccessLog.open(log, Clock.systemUTC(), meters);
        this.traces = Traces.open(spans, version, Clock.systemUTC());
    }

    /** Where everything is counted. */
    public MeterRegistry meters() {
        return meters;
    }

    /** What Prometheus reads. */
    public PrometheusMeterRegistry prometheus() {
        return prometheus;
    }

    /** Who hears of every request. */
    public List<RequestListener> witnesses() {
        return Stream.<Optional<? extends RequestListener>>of(accessLog, traces)
                .<RequestListener>flatMap(Optional::stream)
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
