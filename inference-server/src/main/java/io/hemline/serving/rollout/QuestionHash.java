package io.hemline.serving.rollout;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash of questions, evenly distributed in [0, 1) and the same in every process and for every client.
 */
final class QuestionHash {

    /*
     * Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014): its finaliser spreads the
     * close values of the preceding hashes, which are those of String and Arrays and equal on every JVM.
     */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private QuestionHash() {}

    /** The hash of the questions, in their order. */
    static double unit(List<Question> questions) {
        long hash = questions.size();
        for (Question question : questions) {
            hash = mix(hash + GOLDEN_GAMMA + of(question));
        }
        return (hash >>> 11) * UNIT;
    }

    private static long of(Question question) {
        if (question instanceof TrendQuestion trend) {
            return mix(of(trend.hashtag()) * 31 + of(trend.market()));
        }
        if (question instanceof SeriesQuestion own) {
            long hash = own.series().lastWeek().toEpochDay();
            hash = mix(hash + of(own.series().volume()));
            hash = mix(hash + of(own.series().influencerShare()));
            hash = mix(hash + of(own.series().sentiment()));
            hash = mix(hash + of(own.series().engagement()));
            Attributes attributes = own.attributes();
            hash = mix(hash + of(attributes.market()));
            hash = mix(hash + of(attributes.gender()));
            hash = mix(hash + of(attributes.category()));
            return own.image() == null
                    ? hash
                    : mix(hash + Arrays.hashCode(own.image().sha256()));
        }
        if (question instanceof FeaturedQuestion) {
            throw new IllegalArgumentException("a question is hashed as it was asked, before its features are known");
        }
        throw new AssertionError(question);
    }

    private static long of(@Nullable String text) {
        return text == null ? 0 : mix(text.hashCode() + ((long) text.length() << 32));
    }

    private static long of(double @Nullable [] values) {
        long hash = 0;
        if (values != null) {
            for (double value : values) {
                // −0 as 0, as in the cache's key.
                hash = 31 * hash + Double.doubleToLongBits(value + 0.0);
            }
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
