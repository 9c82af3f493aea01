package io.hemline.serving.features;

import static io.hemline.serving.testing.Forecasts.LAST_WEEK;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.ForecastException.Fault;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.core.Vocabulary;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeaturedForecasterTest {

    private static final Series SERIES = Series.of(LAST_WEEK, 1, 2, 3);
    private static final Vocabulary VOCABULARY =
            new Vocabulary(List.of("us", "vn"), List.of("female", "male"), List.of("top", "shoes"));

    private final List<Question> asked = new ArrayList<>();
    private final Trends source = new Trends(new SnapshotSource(
            "test",
            List.of(trend("wideleg", "vn", "ours"), trend("wideleg", "xx", "ours"), trend("cargo", "us", "another"))));
    private final FeaturedForecaster featured = new FeaturedForecaster(
            source,
            VOCABULARY,
            (image, deadline) -> image.bytes().length == 3
                    ? Future.succeededFuture(new float[] {3})
                    : Future.failedFuture(new InvalidImage("must be an image")),
            "ours",
            request -> {
                asked.addAll(request.questions());
                return Future.failedFuture("enough");
            });

    @Test
    void addsTheFeaturesOfAKnownTrend() {
        ask(new TrendQuestion("wideleg", null));

        Features features = features(0);
        assertThat(features.hashtag()).isEqualTo("wideleg");
        assertThat(features.market()).isEqualTo("vn");
        assertThat(features.embedding()).containsExactly(1, 2);
        assertThat(features.asOf()).isEqualTo("2026-11-23T00:00:00Z");
    }

    @Test
    void countsAnEmbeddingOfAnotherEncoderAsMissing() {
        ask(new TrendQuestion("cargo", "us"));

        assertThat(features(0).embedding()).isNull();
    }

    @Test
    void reportsInvalidMarketsAndImagesBeforeUnknownTrends() {
        ForecastException failure = ask(
                new TrendQuestion("nobody", "us"),
                new TrendQuestion("wideleg", "mars"),
                new SeriesQuestion(SERIES, Attributes.UNKNOWN, image("no image")));

        assertThat(failure.failure()).isEqualTo(Failure.INVALID);
        assertThat(failure.faults())
                .containsExactly(
                        new Fault(1, "/market", "must be one of us, vn, xx, is \"mars\""),
                        new Fault(2, "/image", "must be an image"));
    }

    @Test
    void reportsNoUnknownMarketBeforeTheTrendsHaveBeenRead() {
        source.read = false;

        ForecastException unread = ask(new TrendQuestion("wideleg", "mars"));
        ForecastException badImage = ask(
                new TrendQuestion("wideleg", "mars"),
                new SeriesQuestion(SERIES, Attributes.UNKNOWN, image("no image")));
        ask(new TrendQuestion("wideleg", "vn"));

        assertThat(unread.failure()).isEqualTo(Failure.FEATURES_UNAVAILABLE);
        assertThat(badImage.failure()).isEqualTo(Failure.INVALID);
        assertThat(badImage.faults()).containsExactly(new Fault(1, "/image", "must be an image"));
        assertThat(asked).hasSize(1);
    }

    @Test
    void reportsEveryUnknownTrend() {
        ForecastException failure = ask(
                new TrendQuestion("wideleg", "us"),
                new TrendQuestion("wideleg", "vn"),
                new TrendQuestion("nobody", null));

        assertThat(failure.failure()).isEqualTo(Failure.UNKNOWN_TREND);
        assertThat(failure.faults())
                .containsExactly(
                        new Fault(0, "/hashtag", "no trend \"wideleg\" is known in market \"us\""),
                        new Fault(2, "/hashtag", "no trend \"nobody\" is known in any market"));
    }

    @Test
    void usesACallersSeriesAndWarnsOfUnknownAttributes() {
        ask(new SeriesQuestion(SERIES, new Attributes("us", "unisex", null), image("yes")));

        Features features = features(0);
        assertThat(features.hashtag()).isNull();
        assertThat(features.series()).isEqualTo(SERIES);
        assertThat(features.attributes()).isEqualTo(new Attributes("us", null, null));
        assertThat(features.embedding()).containsExactly(3);
        assertThat(features.asOf()).isEqualTo("2026-11-16");
        assertThat(features.warnings())
                .containsExactly("The model knows no gender \"unisex\"; it counts as missing. Known: female, male.");
    }

    @Test
    void numbersKnownAttributesFromOneAndUnknownOnesZero() {
        assertThat(VOCABULARY.ids(new Attributes("vn", "unisex", "top"))).containsExactly(2, 0, 1);
        assertThat(VOCABULARY.ids(Attributes.UNKNOWN)).containsExactly(0, 0, 0);
    }

    private ForecastException ask(Question... questions) {
        Throwable cause = featured.forecast(new Request(List.of(questions), Long.MAX_VALUE))
                .cause();
        return cause instanceof ForecastException exception
                ? exception
                : ForecastException.of(Failure.INTERNAL, String.valueOf(cause.getMessage()));
    }

    private Features features(int index) {
        return ((FeaturedQuestion) asked.get(index)).features();
    }

    private static Image image(String bytes) {
        return new Image(bytes.getBytes(StandardCharsets.US_ASCII));
    }

    private static KnownTrend trend(String hashtag, String market, String encoderDigest) {
        return new KnownTrend(
                hashtag,
                market,
                Series.of(LAST_WEEK, market.equals("vn") ? 9 : 1),
                new Attributes(market, null, "top"),
                new float[] {1, 2},
                encoderDigest,
                "2026-11-23T00:00:00Z",
                false);
    }

    /** A source whose list of trends may not have been read yet. */
    private static final class Trends implements FeatureSource {

        private final FeatureSource all;
        private boolean read = true;

        Trends(FeatureSource all) {
            this.all = all;
        }

        @Override
        public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
            return all.find(questions);
        }

        @Override
        public Future<List<TrendQuestion>> all() {
            return all.all();
        }

        @Override
        public boolean isRead() {
            return read;
        }

        @Override
        public Set<String> markets() {
            return read ? all.markets() : Set.of();
        }

        @Override
        public String asOf() {
            return all.asOf();
        }

        @Override
        public Future<Map<String, Long>> encoders() {
            return all.encoders();
        }
    }
}
