package io.hemline.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Runs imports on 2026-12-01, a Tuesday, and reads what they wrote. */
final class TestSnapshots {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STORE = "../../model-store/demo/store";

    private TestSnapshots() {}

    static int run(StringWriter out, StringWriter err, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--set", "store.url=" + STORE));
        all.addAll(List.of(arguments));
        return ImportCommand.run(
                CLOCK, new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    static List<JsonNode> lines(Path folder) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("features.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(canonical(JSON.readTree(line)));
            }
        }
        return lines;
    }

    /** The same trend without members that are null, and with every week as a double, so that 5 equals 5.0. */
    static JsonNode canonical(JsonNode trend) {
        ObjectNode copy = trend.deepCopy();
        copy.properties().removeIf(member -> member.getValue().isNull());
        ArrayNode volume = JSON.createArrayNode();
        trend.get("volume").forEach(value -> {
            if (value.isNull()) {
                volume.addNull();
            } else {
                volume.add(value.doubleValue());
            }
        });
        copy.set("volume", volume);
        return copy;
    }
}
