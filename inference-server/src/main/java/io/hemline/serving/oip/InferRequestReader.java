package io.hemline.serving.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.StrictJson;
import io.hemline.serving.oip.InferRequest.RequestedOutput;
import io.hemline.store.Tensor;
import io.hemline.store.TensorJson;
import io.hemline.store.TensorRejected;
import io.hemline.store.TensorTail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an infer request. The first error ends it: after an inconsistent tensor nothing can be located.
 *
 * <p>Confined to one thread.
 */
final class InferRequestReader {

    private static final int MAX_OUTPUTS = 100;
    private static final Set<String> OPTIONAL = Set.of("id", "model_name", "model_version", "parameters", "outputs");

    private final JsonParser parser;
    private final TensorTail tail;
    private @Nullable String id;
    private @Nullable List<Tensor> inputs;
    private final List<RequestedOutput> outputs = new ArrayList<>();
    private boolean binaryOutput;
    private long timeoutMicros;

    private InferRequestReader(JsonParser parser, TensorTail tail) {
        this.parser = parser;
        this.tail = tail;
    }

    /**
     * Reads a request; throws a {@link ProblemException} when it is invalid.
     *
     * @param body the JSON, followed by the bytes of binary tensors
     * @param jsonLength the length of the JSON
     */
    static InferRequest read(byte[] body, int jsonLength) {
        TensorTail tail = new TensorTail(body, jsonLength);
        try {
            return StrictJson.read(
                            TensorJson.FACTORY,
                            body,
                            jsonLength,
                            parser -> new InferRequestReader(parser, tail).readMembers())
                    .request();
        } catch (TensorRejected e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private InferRequestReader readMembers() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "The body must be an object with inputs.");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            readMember(member);
        }
        return this;
    }

    private InferRequest request() {
        if (inputs == null) {
            throw invalid("inputs is missing.");
        }
        tail.requireEmpty();
        return new InferRequest(id, inputs, outputs, binaryOutput, timeoutMicros);
    }

    /** Clients write {@code null} for optional members that they leave out. */
    private void readMember(String member) throws IOException {
        if (isNull() && OPTIONAL.contains(member)) {
            return;
        }
        switch (member) {
            case "id" -> id = text("id");
            // Some clients repeat the model and version of the path; the path decides.
            case "model_name", "model_version" -> text(member);
            case "parameters" -> readParameters();
            case "inputs" -> readInputs();
            case "outputs" -> readOutputs();
            default ->
                throw invalid("Unknown member \"" + shortened(member) + "\"; known: id, parameters, inputs, outputs.");
        }
    }

    /** Two parameters have a meaning; others, such as a priority, are for other servers. */
    private void readParameters() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "parameters must be an object.");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String parameter = parser.currentName();
            parser.nextToken();
            switch (parameter) {
                case "binary_data_output" -> binaryOutput = !isNull() && flag(parameter);
                case "timeout" -> timeoutMicros = isNull() ? 0 : micros();
                default -> parser.skipChildren();
            }
        }
    }

    private void readInputs() throws IOException {
        require(inputs == null, "inputs is there twice.");
        inputs = TensorJson.readAll(parser, tail);
    }

    private void readOutputs() throws IOException {
        require(parser.hasToken(JsonToken.START_ARRAY), "outputs must be an array.");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            RequestedOutput output = readOutput();
            for (RequestedOutput earlier : outputs) {
                require(
                        !earlier.name().equals(output.name()),
                        "Output \"" + shortened(output.name()) + "\" is asked for twice.");
            }
            require(outputs.size() < MAX_OUTPUTS, "At most " + MAX_OUTPUTS + " outputs can be asked for.");
            outputs.add(output);
        }
    }

    private RequestedOutput readOutput() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "An output must be an object with a name.");
        String name = null;
        Boolean binary = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "name" -> name = text("An output's name");
                case "parameters" -> binary = isNull() ? null : readBinary();
                default -> throw invalid("An output has an unknown member \"" + shortened(member) + "\".");
            }
        }
        if (name == null) {
            throw invalid("An output has no name.");
        }
        return new RequestedOutput(name, binary);
    }

    private @Nullable Boolean readBinary() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "parameters must be an object.");
        Boolean binary = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String parameter = parser.currentName();
            parser.nextToken();
            if (parameter.equals("binary_data")) {
                binary = isNull() ? null : flag(parameter);
            } else {
                parser.skipChildren();
            }
        }
        return binary;
    }

    private boolean isNull() {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    private String text(String what) throws IOException {
        require(parser.hasToken(JsonToken.VALUE_STRING), what + " must be text.");
        return parser.getText();
    }

    private boolean flag(String parameter) throws IOException {
        require(parser.currentToken().isBoolean(), "parameters: " + parameter + " must be true or false.");
        return parser.getBooleanValue();
    }

    private long micros() throws IOException {
        boolean whole = parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0;
        require(whole, "parameters: timeout must be a whole number of microseconds.");
        return parser.getLongValue();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw invalid(message);
        }
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(ProblemType.INVALID_TENSORS, message);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
