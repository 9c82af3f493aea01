package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.WarmUp.WarmUpConfig;
import io.hemline.serving.admin.AdminConfig;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.config.ConfigLayer;
import io.hemline.serving.config.ConfigReader;
import io.hemline.serving.edge.Edge.EdgeConfig;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.messaging.EventsConfig;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.serving.security.AuthConfig;
import io.hemline.serving.security.Quotas.QuotaConfig;
import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import io.hemline.serving.telemetry.Telemetry.MetricsConfig;
import io.hemline.serving.telemetry.Traces.TracesConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of every package; each component's name is the prefix of its keys.
 *
 * <p>Immutable.
 */
public record ServerConfig(
        HttpConfig http,
        AdminConfig admin,
        GrpcConfig grpc,
        AuthConfig auth,
        QuotaConfig quota,
        StoreConfig store,
        FeaturesConfig features,
        CacheConfig cache,
        BatchConfig batch,
        EncoderConfig encoder,
        WarmUpConfig warmUp,
        EdgeConfig edge,
        EventsConfig events,
        MetricsConfig metrics,
        AccessLogConfig accessLog,
        TracesConfig traces) {

    public ServerConfig {
        requireNonNull(http, "http");
        requireNonNull(admin, "admin");
        requireNonNull(grpc, "grpc");
        requireNonNull(auth, "auth");
        requireNonNull(quota, "quota");
        requireNonNull(store, "store");
        requireNonNull(features, "features");
        requireNonNull(cache, "cache");
        requireNonNull(batch, "batch");
        requireNonNull(encoder, "encoder");
        requireNonNull(warmUp, "warmUp");
        requireNonNull(edge, "edge");
        requireNonNull(events, "events");
        requireNonNull(metrics, "metrics");
        requireNonNull(accessLog, "accessLog");
        requireNonNull(traces, "traces");
        auth.requireSafe("http.host", http.host());
        auth.requireSafe("admin.host", admin.host());
    }

    /** The defaults: the demo, served to every client on this machine, without events and purges. */
    public static ServerConfig defaults() {
        return new ServerConfig(
                HttpConfig.defaults(),
                AdminConfig.defaults(),
                GrpcConfig.defaults(),
                AuthConfig.defaults(),
                QuotaConfig.defaults(),
                StoreConfig.defaults(),
                FeaturesConfig.defaults(),
                CacheConfig.defaults(),
                BatchConfig.defaults(),
                EncoderConfig.defaults(),
                WarmUpConfig.defaults(),
                EdgeConfig.defaults(),
                EventsConfig.defaults(),
                MetricsConfig.defaults(),
                AccessLogConfig.defaults(),
                TracesConfig.defaults());
    }

    /**
     * The configuration of the command line: the defaults, then a file, the environment and {@code key=value} options; a
     * later one wins.
     */
    public static ServerConfig read(@Nullable Path file, List<String> options) {
        Set<String> keys = ConfigReader.flatten(defaults()).keySet();
        List<ConfigLayer> layers = new ArrayList<>();
        String home = System.getProperty("hemline.home");
        if (home != null) {
            layers.add(demo(Path.of(home)));
        }
        if (file != null) {
            layers.add(ConfigLayer.file(file));
        }
        layers.add(ConfigLayer.environment(System.getenv(), keys));
        layers.add(ConfigLayer.options(options));
        return ConfigReader.read(defaults(), layers);
    }

    /** The demo in the folder of the launcher, for any working directory. */
    public static ConfigLayer demo(Path home) {
        ServerConfig defaults = defaults();
        return new ConfigLayer(
                "defaults",
                Map.of(
                        "store.url", home.resolve(defaults.store().url()).toString(),
                        "features.snapshot",
                                home.resolve(defaults.features().snapshot()).toString()));
    }
}
