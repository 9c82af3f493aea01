package io.hemline.serving.forecasts;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.forecasts.Hashtags.Hashtag;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.SafeText;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one item of a request: its members in any order, then checks their combination.
 *
 * <p>Confined to one thread.
 */
final class ItemReader {

    private static final String KNOWN =
            "hashtag, market, series, last_week, influencer_share, sentiment, engagement, image, attributes, id";

    /** An item has either a hashtag or a series. */
    private static final Set<String> OPTIONAL = Set.of(KNOWN.split(", ", -1));

    private final JsonTokens in;
    private final String pointer;
    private final int maxImage;

    private boolean hasHashtag;
    private boolean hasSeries;
    private boolean hasLastWeek;
    private @Nullable String onlyWithSeries;
    private boolean hasMarket;
    private @Nullable String id;
    private @Nullable String hashtag;
    private @Nullable String market;
    private double @Nullable [] volume;
    private double @Nullable [] influencerShare;
    private double @Nullable [] sentiment;
    private double @Nullable [] engagement;
    private @Nullable LocalDate lastWeek;
    private @Nullable Image image;
    private Attributes attributes = Attributes.UNKNOWN;

    ItemReader(JsonTokens in, String pointer, int maxImage) {
        this.in = in;
        this.pointer = pointer;
        this.maxImage = maxImage;
    }

    /** The question, or {@code null} after a fault. */
    @Nullable Question read() throws IOException {
        if (!in.isObject(pointer)) {
            return null;
        }
        for (String name = in.nextMember(OPTIONAL); name != null; name = in.nextMember(OPTIONAL)) {
            readMember(name);
        }
        if (hasHashtag == hasSeries) {
            in.faults().add(pointer, "exactly one of hashtag and series, not " + (hasHashtag ? "both" : "neither"));
            return null;
        }
        return hasHashtag ? trendQuestion() : seriesQuestion();
    }

    /** The client's name of the item: its id, else the hashtag, else its index. */
    String id(int index) {
        if (id != null) {
            return id;
        }
        return hashtag != null ? hashtag : Integer.toString(index);
    }

    private void readMember(String name) throws IOException {
        switch (name) {
            case "id" -> id = word(name);
            case "hashtag" -> {
                hasHashtag = true;
                String text = in.text(pointer, name);
                hashtag = text == null ? null : Hashtag.read(text, JsonPointer.member(pointer, name), in.faults());
            }
            case "market" -> {
                hasMarket = true;
                market = word(name);
            }
            case "series" -> {
                hasSeries = true;
                volume = WeeklyValues.read(in, pointer, name);
            }
            case "last_week" -> {
                hasLastWeek = true;
                String text = in.text(pointer, noteSeriesMember(name));
                lastWeek = text == null ? null : LastWeek.read(text, JsonPointer.member(pointer, name), in.faults());
            }
            case "influencer_share" -> influencerShare = WeeklyValues.read(in, pointer, noteSeriesMember(name));
            case "sentiment" -> sentiment = WeeklyValues.read(in, pointer, noteSeriesMember(name));
            case "engagement" -> engagement = WeeklyValues.read(in, pointer, noteSeriesMember(name));
            case "image" -> {
                String text = in.text(pointer, noteSeriesMember(name));
                image = text == null
                        ? null
                        : Base64Image.read(text, JsonPointer.member(pointer, name), maxImage, in.faults());
            }
            case "attributes" -> {
                noteSeriesMember(name);
                attributes = AttributesReader.read(in, pointer);
            }
            default -> {
                in.faults().add(JsonPointer.member(pointer, name), "unknown field; known: " + KNOWN);
                in.skip();
            }
        }
    }

    private @Nullable Question trendQuestion() {
        if (onlyWithSeries != null) {
            in.faults()
                    .add(JsonPointer.member(pointer, onlyWithSeries), "belongs to a series; a hashtag brings its own");
        }
        return hashtag == null ? null : new TrendQuestion(hashtag, market);
    }

    private @Nullable Question seriesQuestion() {
        if (hasMarket) {
            in.faults()
                    .add(
                            JsonPointer.member(pointer, "market"),
                            "belongs to a hashtag; a series says it in its attributes");
        }
        if (!hasLastWeek) {
            in.faults().add(pointer, "last_week is missing: the Monday that begins the last week of the series");
        }
        if (volume == null) {
            return null;
        }
        if (!WeeklyValues.anyObserved(volume)) {
            in.faults()
                    .add(
                            JsonPointer.member(pointer, "series"),
                            "at least one observed value, not " + volume.length + " times null");
        }
        int faultsBefore = in.faults().count();
        checkLength("influencer_share", influencerShare, volume);
        checkLength("sentiment", sentiment, volume);
        checkLength("engagement", engagement, volume);
        if (lastWeek == null || in.faults().count() > faultsBefore) {
            return null;
        }
        return new SeriesQuestion(
                new Series(lastWeek, volume, influencerShare, sentiment, engagement), attributes, image);
    }

    private void checkLength(String name, double @Nullable [] values, double[] volume) {
        if (values != null && values.length != volume.length) {
            in.faults()
                    .add(
                            JsonPointer.member(pointer, name),
                            "as long as series, " + volume.length + " values, not " + values.length);
        }
    }

    private String noteSeriesMember(String name) {
        onlyWithSeries = onlyWithSeries == null ? name : onlyWithSeries;
        return name;
    }

    private @Nullable String word(String name) throws IOException {
        String text = in.text(pointer, name);
        return text == null ? null : ShortText.read(text, JsonPointer.member(pointer, name), in.faults());
    }

    /** Reads an encoded image out of its base64 text (RFC 4648, section 4: standard alphabet, padded). */
    static final class Base64Image {

        private Base64Image() {}

        /** The image, or {@code null} after a fault. The decoder checks the bytes. */
        static @Nullable Image read(String text, String pointer, int maxBytes, InvalidFields faults) {
            if (text.isEmpty() || text.length() % 4 != 0) {
                faults.add(
                        pointer,
                        "an image in padded base64, not " + text.length() + " characters: " + SafeText.quoted(text));
                return null;
            }
            long bytes = text.length() / 4 * 3L - padding(text);
            if (bytes > maxBytes) {
                faults.add(pointer, "an image of at most " + maxBytes + " bytes, not " + bytes);
                return null;
            }
            try {
                return new Image(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                faults.add(pointer, "an image in standard base64, not " + SafeText.quoted(text));
                return null;
            }
        }

        private static int padding(String text) {
            if (text.endsWith("==")) {
                return 2;
            }
            return text.endsWith("=") ? 1 : 0;
        }
    }
}
