package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, as its client sees it: a problem document in HTTP (RFC 9457), a status and a message in gRPC.
 *
 * <p>Immutable.
 *
 * @param type the kind of problem, which fixes its status codes
 * @param detail a sentence about this occurrence
 * @param errors the invalid fields, empty when it is the request as a whole
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

    /** What a client may see of a failure; {@code null} for an internal one, which is for the log alone. */
    public static @Nullable Problem of(Throwable failure, ItemPositions positions) {
        if (failure instanceof ProblemException refused) {
            return refused.problem();
        }
        if (failure instanceof AccessDenied denied) {
            return of(ProblemType.of(denied.reason()), denied.detail());
        }
        if (failure instanceof QuotaExceeded over) {
            return of(ProblemType.TOO_MANY_REQUESTS, over.detail());
        }
        if (failure instanceof ForecastException forecast && forecast.failure() != Failure.INTERNAL) {
            return new Problem(
                    ProblemType.of(forecast.failure()),
                    String.valueOf(forecast.getMessage()),
                    positions.invalidFields(forecast.faults()));
        }
        return null;
    }

    /** The same problem as the Open Inference Protocol has it: tensors that a model refuses are a bad request. */
    public Problem ofTensors() {
        return new Problem(type.ofTensors(), detail, errors);
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
        for (InvalidField error : errors) {
            json.writeStartObject();
            json.writeStringField("pointer", error.pointer());
            json.writeStringField("detail", error.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * One invalid field of a request.
     *
     * <p>Immutable.
     *
     * @param pointer its place as a JSON Pointer in a URI fragment, such as {@code #/items/1/series/3}; a query
     *     counts as an object of its parameters
     * @param detail a sentence that names the value and the limit
     */
    public record InvalidField(String pointer, String detail) {

        public InvalidField {
            pointer = SafeText.clean(pointer);
            detail = SafeText.clean(detail);
        }
    }

    /**
     * Carries a {@link Problem} to the exchange that answers with it. It has no stack trace: a refusal is a normal
     * response.
     */
    public static final class ProblemException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        public ProblemException(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = requireNonNull(problem, "problem");
        }

        public ProblemException(ProblemType type, String detail) {
            this(Problem.of(type, detail));
        }

        /** The problem that the client sees. */
        public Problem problem() {
            return problem;
        }
    }

    /** The positions of a request's items as JSON Pointers, for errors that are found after parsing. */
    @FunctionalInterface
    public interface ItemPositions {

        /** The request as a whole, without items. */
        ItemPositions NONE = (question, field) -> JsonPointer.ROOT;

        /** The members of {@code items}. */
        ItemPositions ITEMS = (question, field) -> JsonPointer.element("#/items", question) + field;

        /** The JSON Pointer of a field of an item; fields are JSON Pointers below the item, such as {@code /market}. */
        String pointer(int question, String field);

        /** The members of a list of hashtags with one market for all. */
        static ItemPositions hashtags(int[] asked) {
            return (question, field) ->
                    field.equals("/market") ? "#/market" : JsonPointer.element("#/hashtags", asked[question]);
        }

        /** The invalid fields at their places in the request. */
        default List<InvalidField> invalidFields(List<ForecastException.Fault> faults) {
            return faults.stream()
                    .map(fault -> new InvalidField(pointer(fault.question(), fault.field()), fault.detail()))
                    .toList();
        }
    }
}
