package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * Why there is no answer, as the caller reads it (RFC 9457).
 *
 * <p>Immutable.
 *
 * @param type what kind of problem, with its status code
 * @param detail a sentence about this one
 * @param errors the places at fault, empty when it is the request as a whole
 */
public record Problem(ProblemType type, String detail, List<InvalidField> errors) {

    public Problem {
        requireNonNull(type, "type");
        detail = SafeText.clean(requireNonNull(detail, "detail"));
        errors = List.copyOf(errors);
    }

    /** A problem of the request as a whole. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, List.of());
    }

    /** The problem document. {@code error} repeats the detail for clients of the Open Inference Protocol. */
    byte[] toJson() {
        return JsonOutput.write(this::write);
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type.uri());
        json.writeStringField("title", type.title());
        json.writeNumberField("status", type.status());
        json.writeStringField("detail", detail);
        json.writeStringField("error", detail);
        json.writeArrayFieldStart("errors");
        for (InvalidField fault : errors) {
            json.writeStartObject();
            json.writeStringField("pointer", fault.pointer());
            json.writeStringField("detail", fault.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
