package io.hemline.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code golden.json}, streaming. Confined to one thread. */
final class GoldenReader {

    private static final Set<String> GRAPHS = Set.of("forecaster", "image_encoder");
    private static final Set<String> REQUEST_EXTRAS = Set.of("id", "parameters", "outputs");
    private static final Set<String> RESPONSE_EXTRAS = Set.of("id", "parameters", "model_name", "model_version");

    private final JsonParser parser;

    private GoldenReader(JsonParser parser) {
        this.parser = parser;
    }

    static Golden read(InputStream in) throws IOException {
        try (JsonParser parser = TensorJson.FACTORY.createParser(in)) {
            return new GoldenReader(parser).read();
        } catch (JsonProcessingException e) {
            throw new FormatException("golden.json is not JSON: " + e.getOriginalMessage());
        } catch (TensorRejected e) {
            throw new FormatException("golden.json: " + e.getMessage());
        }
    }

    private Golden read() throws IOException {
        parser.nextToken();
        Map<String, List<Golden.Case>> graphs = new HashMap<>();
        for (String graph = firstMember("golden.json"); graph != null; graph = nextMember()) {
            if (!GRAPHS.contains(graph)) {
                throw new FormatException("golden.json: unknown graph " + graph);
            }
            graphs.put(graph, readCases(graph));
        }
        if (parser.nextToken() != null) {
            throw new FormatException("golden.json: text after the closing brace");
        }
        return new Golden(cases(graphs, "forecaster"), cases(graphs, "image_encoder"));
    }

    private List<Golden.Case> readCases(String graph) throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw new FormatException("golden.json: member " + graph + " must be an array of cases");
        }
        List<Golden.Case> cases = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            cases.add(readCase(graph + "[" + cases.size() + "]"));
        }
        return cases;
    }

    private Golden.Case readCase(String path) throws IOException {
        List<Tensor> request = null;
        List<Tensor> response = null;
        for (String member = firstMember(path); member != null; member = nextMember()) {
            switch (member) {
                case "request" -> request = readTensors(path + ".request", "inputs", REQUEST_EXTRAS);
                case "response" -> response = readTensors(path + ".response", "outputs", RESPONSE_EXTRAS);
                default -> throw new FormatException("golden.json: unknown member " + path + "." + member);
            }
        }
        return new Golden.Case(present(request, path + ".request"), present(response, path + ".response"));
    }

    private List<Tensor> readTensors(String path, String wanted, Set<String> extras) throws IOException {
        List<Tensor> tensors = null;
        for (String member = firstMember(path); member != null; member = nextMember()) {
            if (member.equals(wanted)) {
                tensors = readAll(path + "." + member);
            } else if (extras.contains(member)) {
                parser.skipChildren();
            } else {
                throw new FormatException("golden.json: unknown member " + path + "." + member);
            }
        }
        return present(tensors, path + "." + wanted);
    }

    private List<Tensor> readAll(String path) throws IOException {
        try {
            return TensorJson.readAll(parser);
        } catch (TensorRejected e) {
            throw new FormatException("golden.json: member " + path + ": " + e.getMessage());
        }
    }

    /** Enters the object under the parser and goes to its first member's value; null when there is none. */
    private @Nullable String firstMember(String path) throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            throw new FormatException("golden.json: member " + path + " must be an object");
        }
        return nextMember();
    }

    private @Nullable String nextMember() throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            return null;
        }
        String name = parser.currentName();
        parser.nextToken();
        return name;
    }

    private static List<Golden.Case> cases(Map<String, List<Golden.Case>> graphs, String graph) {
        List<Golden.Case> cases = graphs.getOrDefault(graph, List.of());
        if (cases.isEmpty()) {
            throw new FormatException("golden.json: member " + graph + " must hold at least one case");
        }
        return cases;
    }

    private static <T> T present(@Nullable T value, String path) {
        if (value == null) {
            throw new FormatException("golden.json: member " + path + " is missing");
        }
        return value;
    }
}
