package io.hemline.serving.forecasts;

import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.SafeText;
import java.io.IOException;

/** Reads which parts a response includes beside the forecast: {@code history}, so far. */
final class Include {

    static final String NAME = "include";
    static final String HISTORY = "history";

    private static final String EXPECTED = "only " + HISTORY;

    private Include() {}

    /** Whether the observed weeks are requested. */
    static boolean history(String words, String pointer, InvalidFields faults) {
        if (words.equals(HISTORY)) {
            return true;
        }
        faults.add(pointer, EXPECTED + ", not " + SafeText.quoted(words));
        return false;
    }

    /** The same for the member of a body: a word, or a list of words. */
    static boolean history(JsonTokens in) throws IOException {
        String pointer = JsonPointer.member(JsonPointer.ROOT, NAME);
        if (in.isText()) {
            String word = in.text(JsonPointer.ROOT, NAME);
            return word != null && history(word, pointer, in.faults());
        }
        boolean history = false;
        if (in.isList(pointer, EXPECTED)) {
            for (int index = 0; in.nextElement(); index++) {
                String word = in.text(pointer, Integer.toString(index));
                history |= word != null && history(word, JsonPointer.element(pointer, index), in.faults());
            }
        }
        return history;
    }
}
