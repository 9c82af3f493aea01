package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The edge cache that receives purges.
 *
 * <p>Immutable.
 *
 * @param purgeUrl the URL that purges are posted to, such as {@code https://api.example.com/__purge}; empty for no edge
 * @param purgeSecretFile the file of the secret that signs purges
 * @param purgeTimeout the timeout of a purge, after which it is retried
 */
public record EdgeConfig(URI purgeUrl, Path purgeSecretFile, Duration purgeTimeout) {

    public EdgeConfig {
        requireNonNull(purgeUrl, "purgeUrl");
        requireNonNull(purgeSecretFile, "purgeSecretFile");
        requireNonNull(purgeTimeout, "purgeTimeout");
        if (!purgeUrl.toString().isEmpty()) {
            requireUrl(purgeUrl);
            if (purgeSecretFile.toString().isEmpty()) {
                throw new IllegalArgumentException(
                        "purgeSecretFile: the file of the secret that the edge has as PURGE_SECRET, "
                                + "since purge-url is set");
            }
        }
        if (purgeTimeout.toMillis() < 10 || purgeTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("purgeTimeout: 10 milliseconds to 1 minute, not " + purgeTimeout);
        }
    }

    private static void requireUrl(URI url) {
        boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web
                || url.getHost() == null
                || url.getPath().length() < 2
                || url.getUserInfo() != null
                || url.getQuery() != null
                || url.getFragment() != null) {
            throw new IllegalArgumentException("purgeUrl: such as https://api.example.com/__purge, not " + url);
        }
    }

    /** No edge. */
    public static EdgeConfig defaults() {
        return new EdgeConfig(URI.create(""), Path.of(""), Duration.ofSeconds(5));
    }

    boolean on() {
        return !purgeUrl.toString().isEmpty();
    }
}
