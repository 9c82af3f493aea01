package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTailTest {

    private static final String TWO = "[{\"name\":\"a\",\"datatype\":\"UINT8\",\"shape\":[2],"
            + "\"parameters\":{\"binary_data_size\":2}},{\"name\":\"b\",\"datatype\":\"INT64\",\"shape\":[1],\"data\":[7]},"
            + "{\"parameters\":{\"binary_data_size\":1},\"shape\":[1],\"datatype\":\"BOOL\",\"name\":\"c\"}]";
    private static final String STRINGS =
            "[{\"name\":\"s\",\"datatype\":\"BYTES\",\"shape\":[2]," + "\"parameters\":{\"binary_data_size\":10}}]";

    @Test
    void splitsTheBytesInTheOrderOfTheText() throws IOException {
        List<Tensor> tensors = read(TWO, 3, 4, 1);

        assertThat(tensors)
                .containsExactly(
                        Tensor.ofBytes("a", new long[] {2}, (byte) 3, (byte) 4),
                        Tensor.ofLongs("b", new long[] {1}, 7),
                        Tensor.ofBooleans("c", new long[] {1}, true));
    }

    @Test
    void refusesTooFewOrTooManyBytes() {
        assertThatThrownBy(() -> read(TWO, 3, 4))
                .isInstanceOf(TensorRejected.class)
                .hasMessage("tensor \"c\": binary_data_size is 1, but only 0 bytes follow");
        assertThatThrownBy(() -> read(TWO, 3, 4, 1, 0)).hasMessageStartingWith("1 bytes follow");
        assertThatThrownBy(() -> read(TWO.replace("[2]", "[3]"), 3, 4, 1))
                .hasMessage("tensor \"a\": shape and datatype UINT8 make 3 bytes, not 2");
    }

    @Test
    void refusesAnInvalidBoolean() {
        assertThatThrownBy(() -> read(TWO, 3, 4, 2))
                .hasMessage("tensor \"c\": element 0 of a BOOL is the byte 0 or 1, not 2");
    }

    @Test
    void readsByteStringsByTheirLengths() throws IOException {
        Tensor tensor = read(STRINGS, 2, 0, 0, 0, 7, 8, 0, 0, 0, 0).get(0);

        assertThat(tensor.byteStrings()).containsExactly(ByteBuffer.wrap(new byte[] {7, 8}), ByteBuffer.allocate(0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 0 0 0 7 8 0 0 0 1 | element 1 has 16777216 bytes by its length, only 0 follow
            255 255 255 255 0 0 0 0 0 0 | element 0 has 4294967295 bytes by its length, only 6 follow
            3 0 0 0 7 8 9 0 0 0 | element 1 of 2 needs 4 bytes for its length, only 3 follow
            0 0 0 0 0 0 0 0 0 0 | 2 bytes follow the last of its 2 elements
            """)
    void refusesByteStringsWithInvalidLengths(String tail, String message) {
        int[] bytes = Stream.of(tail.split(" ", -1)).mapToInt(Integer::parseInt).toArray();

        assertThatThrownBy(() -> read(STRINGS, bytes))
                .isInstanceOf(TensorRejected.class)
                .hasMessage("tensor \"s\": " + message);
    }

    @Test
    void isEmptyAfterATextWithoutBinaryData() {
        byte[] text = TWO.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> {
                    try (JsonParser parser = TensorJson.FACTORY.createParser(text)) {
                        parser.nextToken();
                        TensorJson.readAll(parser);
                    }
                })
                .hasMessageContaining("only 0 bytes follow");
    }

    @Test
    void copiesTheBytes() {
        byte[] bytes = {1, 2};
        Tensor tensor = TensorTail.tensor("a", Datatype.UINT8, new long[] {2}, ByteBuffer.wrap(bytes));

        bytes[0] = 9;

        assertThat(tensor.uint8At(0)).isEqualTo(1);
    }

    private static List<Tensor> read(String text, int... tail) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        int length = body.size();
        for (int value : tail) {
            body.write(value);
        }
        TensorTail rest = new TensorTail(body.toByteArray(), length);
        try (JsonParser parser = TensorJson.FACTORY.createParser(body.toByteArray(), 0, length)) {
            parser.nextToken();
            List<Tensor> tensors = TensorJson.readAll(parser, rest);
            rest.requireEmpty();
            return tensors;
        }
    }
}
