package io.hemline.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import io.hemline.serving.core.JsonText;
import io.hemline.serving.core.JsonText.NotJson;
import io.hemline.serving.http.Problem.ProblemException;

/** Reads the JSON text of a request; a {@link ProblemException} says why it is none. */
public final class StrictJson {

    private StrictJson() {}

    /** Reads one text, see {@link JsonText#read}. */
    public static <T> T read(JsonFactory factory, byte[] bytes, int length, JsonText.Reader<T> reader) {
        try {
            return JsonText.read(factory, bytes, length, reader);
        } catch (NotJson e) {
            throw new ProblemException(ProblemType.NOT_JSON, "The body is not JSON: " + e.getMessage());
        }
    }
}
