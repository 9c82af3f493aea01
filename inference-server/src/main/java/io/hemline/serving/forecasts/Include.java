package io.hemline.serving.forecasts;

import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.SafeText;
import java.io.IOException;

/** Reads the optional parts of a response; {@code history} is the only one. */
final class Include {

    static final String NAME = "include";
    static final String HISTORY = "history";

    private static final String EXPECTED = "only " + HISTORY;

    private Include() {}

    /** Whether the observed weeks are requested. */
    static boolean history(String name, String pointer, InvalidFields faults) {
        if (name.equals(HISTORY)) {
            return true;
        }
        faults.add(pointer, EXPECTED + ", not " + SafeText.quoted(name));
        return false;
    }

    /** The same for the member of a body: one name, or a list of names. */
    static boolean history(JsonTokens in) throws IOException {
        String pointer = JsonPointer.member(JsonPointer.ROOT, NAME);
        if (in.isText()) {
            String name = in.text(JsonPointer.ROOT, NAME);
            return name != null && history(name, pointer, in.faults());
        }
        boolean history = false;
        if (in.isList(pointer, EXPECTED)) {
            for (int index = 0; in.nextElement(); index++) {
                String name = in.text(pointer, Integer.toString(index));
                history |= name != null && history(name, JsonPointer.element(pointer, index), in.faults());
            }
        }
        return history;
    }
}
