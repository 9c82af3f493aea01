package io.hemline.serving.messaging;

import io.vertx.core.Future;
import java.util.List;

/** Who wants to know of changed features. */
@FunctionalInterface
public interface FeaturesListener {

    /** Lets go of what is known of those trends of that market; fails when it should be told again later. */
    Future<Void> updated(String market, List<String> hashtags);
}
