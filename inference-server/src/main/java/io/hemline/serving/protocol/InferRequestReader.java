package io.hemline.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.store.Tensor;
import io.hemline.store.TensorJson;
import io.hemline.store.TensorRejected;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an infer request. The first fault ends it: a tensor that is not what it declares makes what follows
 * guesswork.
 *
 * <p>Confined to one thread.
 */
final class InferRequestReader {

    private final JsonParser parser;
    private @Nullable String id;
    private @Nullable List<Tensor> inputs;
    private final List<String> outputs = new ArrayList<>();

    private InferRequestReader(JsonParser parser) {
        this.parser = parser;
    }

    /** The request, or a {@link ProblemException} that says why it is none. */
    static InferRequest read(byte[] body) {
        try (JsonParser parser = TensorJson.FACTORY.createParser(body)) {
            return new InferRequestReader(parser).read();
        } catch (TensorRejected e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new ProblemException(ProblemType.NOT_JSON, "The body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ProblemException(ProblemType.NOT_JSON, "The body is not JSON in UTF-8.");
        }
    }

    private InferRequest read() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new ProblemException(ProblemType.NOT_JSON, "The body is not JSON: it is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw invalid("The body must be an object with inputs.");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            readMember(member);
        }
        if (parser.nextToken() != null) {
            throw new ProblemException(ProblemType.NOT_JSON, "The body is not JSON: something follows its end");
        }
        if (inputs == null) {
            throw invalid("inputs is missing.");
        }
        return new InferRequest(id, inputs, outputs);
    }

    private void readMember(String member) throws IOException {
        switch (member) {
            case "id" -> id = text("id");
            case "parameters" -> skipParameters();
            case "inputs" -> inputs = TensorJson.readAll(parser);
            case "outputs" -> readOutputs();
            default ->
                throw invalid("Unknown member \"" + shortened(member) + "\"; known: id, parameters, inputs, outputs.");
        }
    }

    private void readOutputs() throws IOException {
        require(parser.hasToken(JsonToken.START_ARRAY), "outputs must be an array.");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String name = readOutput();
            require(!outputs.contains(name), "Output \"" + shortened(name) + "\" is asked for twice.");
            outputs.add(name);
        }
    }

    private String readOutput() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "An output must be an object with a name.");
        String name = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String member = parser.currentName();
            parser.nextToken();
            switch (member) {
                case "name" -> name = text("An output's name");
                case "parameters" -> skipParameters();
                default -> throw invalid("An output has an unknown member \"" + shortened(member) + "\".");
            }
        }
        if (name == null) {
            throw invalid("An output has no name.");
        }
        return name;
    }

    private String text(String what) throws IOException {
        require(parser.hasToken(JsonToken.VALUE_STRING), what + " must be text.");
        return parser.getText();
    }

    private void skipParameters() throws IOException {
        require(parser.hasToken(JsonToken.START_OBJECT), "parameters must be an object.");
        parser.skipChildren();
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
