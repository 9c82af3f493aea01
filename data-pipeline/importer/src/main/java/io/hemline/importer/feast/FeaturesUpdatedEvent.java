package io.hemline.importer.feast;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.messaging.FeaturesUpdated;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The event that the features of some trends in a market were updated, as
 * {@code model-store/schema/features-updated.schema.json} defines it.
 *
 * <p>Immutable.
 *
 * @param market of the trends
 * @param trends their hashtags
 * @param asOf time of the newest features
 */
record FeaturesUpdatedEvent(String market, List<String> trends, Instant asOf) {

    private static final JsonFactory JSON = new JsonFactory();

    /** Leaves room for the other members; brokers accept records of one megabyte, as servers do. */
    private static final int MAX_TRENDS_BYTES = FeaturesUpdated.MAX_BYTES - 100_000;

    /** JSON writes a character in at most six bytes, as {@code \u0000}, and quotes and a comma around a hashtag. */
    private static final int MAX_BYTES_OF_CHARACTER = 6;

    FeaturesUpdatedEvent {
        trends = List.copyOf(trends);
    }

    /** Events that name each of the trends once, in the order of markets, as few as the schema's limits allow. */
    static List<FeaturesUpdatedEvent> of(Collection<TrendRecord> trends) {
        Map<String, List<TrendRecord>> byMarket = new TreeMap<>();
        trends.forEach(trend -> byMarket.computeIfAbsent(trend.market(), unused -> new ArrayList<>())
                .add(trend));
        List<FeaturesUpdatedEvent> events = new ArrayList<>();
        byMarket.forEach((market, all) -> split(market, all, events));
        return events;
    }

    private static void split(String market, List<TrendRecord> trends, List<FeaturesUpdatedEvent> into) {
        List<String> hashtags = new ArrayList<>();
        Instant newest = Instant.EPOCH;
        int bytes = 0;
        for (TrendRecord trend : trends) {
            int more = MAX_BYTES_OF_CHARACTER * trend.trend().length() + 3;
            if (hashtags.size() == FeaturesUpdated.MAX_TRENDS || bytes + more > MAX_TRENDS_BYTES) {
                into.add(new FeaturesUpdatedEvent(market, hashtags, newest));
                hashtags.clear();
                bytes = 0;
            }
            hashtags.add(trend.trend());
            bytes += more;
            Instant asOf = trend.featuresAsOf();
            newest = asOf == null || asOf.isBefore(newest) ? newest : asOf;
        }
        into.add(new FeaturesUpdatedEvent(market, hashtags, newest));
    }

    /** The record's key: the events of a market share a partition and stay in order. */
    byte[] key() {
        return market.getBytes(StandardCharsets.UTF_8);
    }

    byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("market", market);
            json.writeArrayFieldStart("trends");
            for (String trend : trends) {
                json.writeString(trend);
            }
            json.writeEndArray();
            json.writeStringField("features_as_of", asOf.toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
