package io.hemline.serving.telemetry;

import io.hemline.serving.http.RequestListener;
import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import io.hemline.serving.telemetry.Traces.TracesConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The meter registry, the access log and the traces of one server.
 *
 * <p>Thread-safe: its parts are.
 */
public final class Telemetry implements AutoCloseable {

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterRegistry meters;
    private final Optional<AccessLog> accessLog;
    private final Optional<Traces> traces;

    public Telemetry(MetricsConfig metrics, AccessLogConfig log, TracesConfig spans, String version) {
        // Meters of an empty composite do nothing.
        this.meters = metrics.enabled() ? prometheus : new CompositeMeterRegistry();
        this.accessLog = AccessLog.open(log, Clock.systemUTC(), meters);
        this.traces = Traces.open(spans, version, Clock.systemUTC());
    }

    /** The registry of all meters. */
    public MeterRegistry meters() {
        return meters;
    }

    /** The registry that {@code /metrics} renders. */
    public PrometheusMeterRegistry prometheus() {
        return prometheus;
    }

    /** The access log and the traces, as far as they are on. */
    public List<RequestListener> listeners() {
        return Stream.<Optional<? extends RequestListener>>of(accessLog, traces)
                .<RequestListener>flatMap(Optional::stream)
                .toList();
    }

    /** Writes the queued lines and sends the queued spans. */
    @Override
    public void close() {
        accessLog.ifPresent(AccessLog::close);
        traces.ifPresent(Traces::close);
        meters.close();
        prometheus.close();
    }

    /**
     * The meters.
     *
     * <p>Immutable.
     *
     * @param enabled if false, meters do nothing and {@code /metrics} is empty
     */
    public record MetricsConfig(boolean enabled) {

        /** Enabled. */
        public static MetricsConfig defaults() {
            return new MetricsConfig(true);
        }
    }
}
