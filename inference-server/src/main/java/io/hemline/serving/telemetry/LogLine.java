package io.hemline.serving.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.http.CompletedRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * One request as one line of JSON.
 *
 * @param passage the request
 * @param end when it was answered
 */
record LogLine(CompletedRequest passage, Instant end) {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_LENGTH = 384;

    /** Longer paths are cut; nothing that is served here has one. */
    private static final int MAX_PATH = 512;

    /** The line with its line feed. */
    byte[] bytes() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(USUAL_LENGTH);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void write(JsonGenerator json) throws IOException {
        String path = passage.path();
        json.writeStartObject();
        json.writeStringField(
                "time",
                end.minusNanos(passage.nanos()).truncatedTo(ChronoUnit.MICROS).toString());
        json.writeStringField("method", passage.method());
        json.writeStringField("route", passage.route());
        json.writeStringField("path", path.length() <= MAX_PATH ? path : path.substring(0, MAX_PATH) + "…");
        json.writeNumberField("status", passage.status());
        json.writeNumberField("duration_us", TimeUnit.NANOSECONDS.toMicros(passage.nanos()));
        json.writeNumberField("bytes", passage.bytes());
        json.writeStringField("cache", passage.cache());
        json.writeStringField("client", passage.client());
        json.writeStringField("request_id", passage.requestId());
        json.writeStringField("trace_id", passage.trace().traceId());
        json.writeEndObject();
    }
}
