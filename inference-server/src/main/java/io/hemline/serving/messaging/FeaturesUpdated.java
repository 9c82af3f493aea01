package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * That the features of some trends of a market were written anew.
 *
 * <p>Immutable.
 *
 * @param market of the trends
 * @param trends their hashtags, canonical
 * @param asOf when the features were made
 */
record FeaturesUpdated(String market, List<String> trends, Instant asOf) {

    /** The topic that tells of it. */
    static final String TOPIC = "features-updated";

    FeaturesUpdated {
        requireNonNull(market, "market");
        trends = List.copyOf(trends);
        requireNonNull(asOf, "asOf");
    }
}
