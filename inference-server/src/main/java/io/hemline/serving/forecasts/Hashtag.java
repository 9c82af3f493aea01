package io.hemline.serving.forecasts;

import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.SafeText;
import org.jspecify.annotations.Nullable;

/** Reads a hashtag into its canonical form. */
public final class Hashtag {

    /** Longer ones are refused before normalisation, whose cost grows with their length. */
    private static final int MAX_RAW_LENGTH = 10 * TrendQuestion.MAX_HASHTAG_LENGTH;

    private Hashtag() {}

    /** The canonical form, or {@code null} after a fault. */
    static @Nullable String read(String text, String pointer, InvalidFields faults) {
        if (!SafeText.isPrintable(text)) {
            faults.add(pointer, "a hashtag without control characters, not " + SafeText.quoted(text));
            return null;
        }
        String canonical = text.length() > MAX_RAW_LENGTH ? text : TrendQuestion.canonical(text);
        int length = canonical.codePointCount(0, canonical.length());
        if (length < 1 || length > TrendQuestion.MAX_HASHTAG_LENGTH) {
            faults.add(
                    pointer,
                    "a hashtag of 1 to " + TrendQuestion.MAX_HASHTAG_LENGTH + " characters without its #, not " + length
                            + ": " + SafeText.quoted(text));
            return null;
        }
        return canonical;
    }
}
