package io.hemline.serving.http;

import java.io.IOException;

/** Reads what an answer shall hold beside the forecast: {@code history}, so far. */
final class Include {

    static final String NAME = "include";
    static final String HISTORY = "history";

    private static final String EXPECTED = "only " + HISTORY;

    private Include() {}

    /** Whether the words ask for the observed weeks. */
    static boolean history(String words, String pointer, Faults faults) {
        if (words.equals(HISTORY)) {
            return true;
        }
        faults.add(pointer, EXPECTED + ", not " + Shown.quoted(words));
        return false;
    }

    /** The same for the member of a body: a word, or a list of words. */
    static boolean history(Tokens in) throws IOException {
        String pointer = Pointer.member(Pointer.ROOT, NAME);
        if (in.isText()) {
            String word = in.text(Pointer.ROOT, NAME);
            return word != null && history(word, pointer, in.faults());
        }
        boolean history = false;
        if (in.isList(pointer, EXPECTED)) {
            for (int index = 0; in.nextElement(); index++) {
                String word = in.text(pointer, Integer.toString(index));
                history |= word != null && history(word, Pointer.element(pointer, index), in.faults());
            }
        }
        return history;
    }
}
