package io.hemline.serving;

import io.hemline.serving.forecast.TrendQuestion;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask, made up from a seed: own series that no cache knows, known trends again and again, and a few faults.
 *
 * <p>Confined to one event loop.
 */
final class RehearsedQuestions {

    private static final int WEEKS = 104;

    private final List<TrendQuestion> trends;
    private final Random random;
    private int asked;

    RehearsedQuestions(List<TrendQuestion> trends, long seed) {
        this.trends = trends;
        this.random = new Random(seed);
    }

    Asked next() {
        return switch (asked++ % 8) {
            case 0, 2, 4 -> post("/v1/forecasts", items(1));
            case 1, 5 -> get("/predict?" + trend());
            case 3 -> get("/v1/forecasts?" + trend());
            case 6 -> post("/v1/forecasts", items(3));
            default -> asked % 16 == 0 ? post("/v1/forecasts", "{\"items\": [{}]}") : get("/predict?hashtags=%20");
        };
    }

    /** Other requests are asked with {@code Accept-Encoding}, as most clients do. */
    boolean compressed() {
        return asked % 3 == 0;
    }

    private String trend() {
        if (trends.isEmpty()) {
            return "hashtags=none";
        }
        TrendQuestion trend = trends.get(random.nextInt(trends.size()));
        return "hashtags=" + URLEncoder.encode(trend.hashtag(), StandardCharsets.UTF_8)
                + (trend.market() == null ? "" : "&market=" + trend.market());
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

    private static Asked get(String uri) {
        return new Asked(HttpMethod.GET, uri, null);
    }

    private static Asked post(String uri, String body) {
        return new Asked(HttpMethod.POST, uri, body);
    }

    /**
     * One request.
     *
     * @param method GET or POST
     * @param uri path and query
     * @param body JSON; absent with GET
     */
    record Asked(HttpMethod method, String uri, @Nullable String body) {}
}
