package io.hemline.serving.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bare jackson-core. Question: how much CPU does it cost to read the bytes of one question and to write the bytes of one
 * answer, when nothing is made of them?
 *
 * <p>Usage: {@code BareJson QUESTION-FILE ANSWER-FILE WARM-SECONDS SECONDS}, started by {@code make bench SUITE=serving};
 * prints the microseconds of one such pair.
 *
 * <p>Immutable.
 */
public final class BareJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private BareJson() {}

    public static void main(String[] arguments) throws Exception {
        byte[] question = Files.readAllBytes(Path.of(arguments[0]));
        List<Piece> answer = pieces(Files.readAllBytes(Path.of(arguments[1])));
        CpuPerCall measure = new CpuPerCall(Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]));
        System.out.printf("%.2f%n", measure.micros(() -> () -> read(question) + written(answer).length));
    }

    /** Reads all of it; the sum keeps the compiler from leaving that out. */
    static double read(byte[] question) throws IOException {
        double sum = 0;
        try (JsonParser parser = FACTORY.createParser(question)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    sum += parser.getDoubleValue();
                } else if (token.isScalarValue() || token == JsonToken.FIELD_NAME) {
                    sum += parser.getText().length();
                }
            }
        }
        return sum;
    }

    /** The answer's bytes. */
    static byte[] written(List<Piece> answer) throws IOException {
        ByteArrayBuilder bytes = new ByteArrayBuilder(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            for (Piece piece : answer) {
                write(json, piece);
            }
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Piece piece) throws IOException {
        switch (piece.token()) {
            case START_OBJECT -> json.writeStartObject();
            case END_OBJECT -> json.writeEndObject();
            case START_ARRAY -> json.writeStartArray();
            case END_ARRAY -> json.writeEndArray();
            case FIELD_NAME -> json.writeFieldName(piece.text());
            case VALUE_STRING -> json.writeString(piece.text());
            case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> json.writeNumber(piece.number());
            case VALUE_TRUE, VALUE_FALSE -> json.writeBoolean(piece.token() == JsonToken.VALUE_TRUE);
            case VALUE_NULL -> json.writeNull();
            default -> throw new IllegalStateException("answer: no such token in it: " + piece.token());
        }
    }

    /** What is to be written. */
    static List<Piece> pieces(byte[] answer) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(answer)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                float number = token.isNumeric() ? parser.getFloatValue() : 0;
                pieces.add(new Piece(token, parser.getText(), number));
            }
        }
        return pieces;
    }

    /** One token of the answer with its value. */
    record Piece(JsonToken token, @Nullable String text, float number) {}
}
