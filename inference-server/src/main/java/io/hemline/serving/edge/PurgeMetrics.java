package io.hemline.serving.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the purges, in {@code edge_purge_total{outcome}} and, whenever that changes, in the log.
 *
 * <p>Confined to one event loop, but for {@code waiting}, which is atomic and read by whoever wants the metrics.
 */
final class PurgeMetrics {

    private static final Logger log = LoggerFactory.getLogger(PurgeMetrics.class);

    private final URI url;
    private final Counter done;
    private final Counter retried;
    private final Counter refused;
    private final AtomicInteger waiting;
    private boolean failing;

    PurgeMetrics(URI url, MeterRegistry meters) {
        this.url = url;
        this.done = counter("done", meters);
        this.retried = counter("retried", meters);
        this.refused = counter("refused", meters);
        this.waiting = meters.gauge("edge.purge.waiting", new AtomicInteger());
    }

    private static Counter counter(String outcome, MeterRegistry meters) {
        return Counter.builder("edge.purge")
                .description("Purges sent to the edge: done, to be sent again, refused by it for good")
                .tag("outcome", outcome)
                .register(meters);
    }

    void waiting(int tags) {
        waiting.set(tags);
    }

    void done(Purge purge) {
        done.increment();
        if (failing) {
            log.info("the edge at {} takes purges again", url);
        }
        failing = false;
        log.debug("the edge forgets {}", purge);
    }

    void retried(String why) {
        retried.increment();
        if (!failing) {
            log.warn("the edge at {} does not take purges: {}; they are sent again until it does", url, why);
        }
        failing = true;
    }

    void refused(Purge purge, int status) {
        refused.increment();
        log.error(
                "the edge at {} refuses {} with status {}; it may answer with what is out of date", url, purge, status);
    }
}
