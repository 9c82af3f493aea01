package io.hemline.serving.forecasts;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.forecasts.AnswerForm.AnswerWriter;
import io.hemline.serving.http.RequestId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The headers of a forecast: its model version and its lifetimes in caches. The CDN has its own, longer lifetime in
 * {@code CDN-Cache-Control} (RFC 9213), because {@code s-maxage} would forbid stale responses.
 */
public final class ForecastHeaders {

    private static final String FRESH = "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600";
    private static final String FRESH_CDN = "max-age=300, stale-while-revalidate=300, stale-if-error=3600";
    private static final String STALE = "public, max-age=10";
    private static final String STALE_CDN = "max-age=10";

    private ForecastHeaders() {}

    /** The headers of one response. */
    static Map<String, String> of(Answer answer) {
        Map<String, String> headers = new LinkedHashMap<>(8);
        putLifetime(headers, AnswerWriter.isStale(answer));
        headers.put("Cache-Tag", tags(answer));
        headers.put("X-Model-Version", answer.model().version());
        return headers;
    }

    /** The headers of a response about every trend. */
    static Map<String, String> of(ModelIdentity model) {
        Map<String, String> headers = new LinkedHashMap<>(8);
        putLifetime(headers, false);
        headers.put("Cache-Tag", modelTags(model).toString());
        headers.put("X-Model-Version", model.version());
        return headers;
    }

    private static void putLifetime(Map<String, String> headers, boolean stale) {
        headers.put("Cache-Control", stale ? STALE : FRESH);
        headers.put("CDN-Cache-Control", stale ? STALE_CDN : FRESH_CDN);
    }

    private static String tags(Answer answer) {
        StringBuilder tags = modelTags(answer.model());
        TreeSet<String> markets = new TreeSet<>();
        for (Forecast forecast : answer.forecasts()) {
            String market = forecast.features().market();
            if (market != null && RequestId.isVisibleAscii(market) && market.indexOf(',') < 0) {
                markets.add(market);
            }
        }
        for (String market : markets) {
            tags.append(",market:").append(market);
        }
        return tags.toString();
    }

    private static StringBuilder modelTags(ModelIdentity model) {
        return new StringBuilder("model:")
                .append(model.name())
                .append(",version:")
                .append(model.version());
    }
}
