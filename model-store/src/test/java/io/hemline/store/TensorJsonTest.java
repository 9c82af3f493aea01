package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorJsonTest {

    private static final int ROUNDS = 200;
    private static final int FLOATS = 4_000;

    @Test
    void readsWhatItWroteBitForBit() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            Tensor tensor = randomTensor(random);

            assertThat(read(write(tensor))).isEqualTo(tensor);
        }
    }

    @Test
    void writesEveryFloatInShortestDecimal() {
        Random random = new Random(7);
        for (int i = 0; i < FLOATS; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                String text = data(write(Tensor.ofFloats("x", new long[] {1}, value)));
                assertThat(Float.parseFloat(text)).isEqualTo(value);
                assertThat(digits(text)).as(text).isLessThanOrEqualTo(fewestDigits(value));
            }
        }
    }

    @Test
    void readsAFloatAsTheNearestFloat32() {
        Random random = new Random(7);
        for (int i = 0; i < FLOATS; i++) {
            String text = Double.toString(Math.scalb(random.nextDouble() - 0.5, random.nextInt(80) - 40));
            assertThat(read(tensor("FP32", "[1]", "[" + text + "]")).floats().get(0))
                    .as(text)
                    .isEqualTo(Float.parseFloat(text));
        }
        assertThat(read(tensor("FP32", "[2]", "[16777217, 123456789012345678901234567890]"))
                        .floats()
                        .get(1))
                .isEqualTo(1.2345679e29f);
    }

    @Test
    void readsNestedDataLikeFlatData() {
        Tensor flat = read(tensor("INT64", "[2, 2, 3]", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"));
        Tensor nested = read(tensor("INT64", "[2, 2, 3]", "[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]"));

        assertThat(nested).isEqualTo(flat);
        assertThat(read(tensor("BOOL", "[0, 3]", "[]")).elements()).isZero();
        assertThat(read(tensor("BOOL", "[2, 0]", "[[], []]")).elements()).isZero();
    }

    @Test
    void readsMembersInAnyOrder() {
        Tensor tensor = read(
                "{\"data\": [[1.5], [2]], \"parameters\": {\"a\": 1}, \"shape\": [2, 1], \"datatype\": \"FP32\", \"name\": \"x\"}");

        assertThat(tensor).isEqualTo(Tensor.ofFloats("x", new long[] {2, 1}, 1.5f, 2f));
        assertThat(tensor.data().isDirect()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FP32  | [2]    | [1]             | has 2 elements, data has 1
            FP32  | [2]    | [1, 2, 3]       | data has more
            FP32  | [2]    | [1, null]       | element 1 must be a number, is null
            FP32  | [2]    | [1, "2"]        | element 1 must be a number, is "2"
            FP32  | [2]    | [true, 1]       | element 0 must be a number, is true
            FP32  | [1]    | [1e39]          | element 0 must be finite in float32, is 1e39
            FP32  | [1]    | [-1e999]        | element 0 must be finite in float32
            FP32  | [2, 2] | [[1, 2], [3]]   | has 1 entries where shape [2, 2] needs 2
            FP32  | [2, 2] | [[1, 2]]        | has 1 entries where shape [2, 2] needs 2
            FP32  | [2, 2] | [[1, 2], 3, 4]  | element 2 is 3 where shape [2, 2] needs an array
            FP32  | [2, 2] | [1, [2]]        | element 1 must be a number, is an array
            FP32  | [2]    | [[1, 2]]        | element 0 must be a number, is an array
            FP32  | [1]    | {}              | data must be an array, not an object
            FP32  | [-1]   | [1]             | shape dimension 0
            FP32  | [1.0]  | [1]             | shape dimension 0
            FP32  | 1      | [1]             | shape must be an array
            FP32  | [2000000000, 2000000000, 2000000000, 1] | [1] | over 2 GB
            FP32  | [1,1,1,1,1,1,1,1,1] | [1] | more than 8 dimensions
            INT64 | [1]    | [1.0]           | element 0 must be a whole number, is 1.0
            INT64 | [1]    | [9223372036854775808] | element 0 must be within int64
            BOOL  | [1]    | [1]             | element 0 must be true or false, is 1
            UINT8 | [1]    | [256]           | element 0 must be a whole number from 0 to 255, is 256
            UINT8 | [1]    | [-1]            | element 0 must be a whole number from 0 to 255, is -1
            BYTES | [2]    | ["AQI=", "AQI"] | element 1 must be padded base64, is "AQI"
            BYTES | [2]    | ["", "A*I="]    | element 1 must be standard base64, is "A*I="
            BYTES | [2]    | ["AQI=", 7]     | element 1 must be a string of base64, is 7
            BYTES | [2]    | ["AQI="]        | has 2 elements, data has 1
            BYTES | [1]    | ["", ""]        | data has more
            BYTES | [2000000000] | ["AQI="]  | over 2 GB
            FP64  | [1]    | [1]             | datatype must be one of [FP32, INT64, BOOL, UINT8, BYTES], not FP64
            FP16  | [1]    | [1]             | datatype must be one of [FP32, INT64, BOOL, UINT8, BYTES], not FP16
            """)
    void namesTheTensorAndTheElementAtFault(String datatype, String shape, String data, String message) {
        assertThatThrownBy(() -> read(tensor(datatype, shape, data)))
                .isInstanceOf(TensorRejected.class)
                .hasMessageStartingWith("tensor \"x\": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                              | must be a JSON object
            {"name": "x"}                                                   | datatype is missing
            {"name": "x", "datatype": "FP32", "data": [1]}                  | shape is missing
            {"name": "x", "datatype": "FP32", "shape": [1]}                 | data is missing
            {"datatype": "FP32", "shape": [1], "data": [1]}                 | name is missing
            {"name": 1}                                                     | name must be a string, not 1
            {"name": "x", "dtype": "FP32"}                                  | unknown member "dtype"
            """)
    void namesTheMemberAtFault(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(TensorRejected.class).hasMessageContaining(message);
    }

    @Test
    void readsAndWritesByteStringsAsBase64() {
        byte[] large = new byte[10_000];
        String text = Base64.getEncoder().encodeToString(large);

        Tensor tensor = read(tensor("BYTES", "[3, 1]", "[[\"AQL/\"], [\"\"], [\"" + text + "\"]]"));

        assertThat(tensor.elements()).isEqualTo(3);
        assertThat(tensor.byteStrings())
                .containsExactly(
                        ByteBuffer.wrap(new byte[] {1, 2, -1}), ByteBuffer.allocate(0), ByteBuffer.wrap(large));
        assertThat(read(write(tensor))).isEqualTo(tensor);
    }

    @Test
    void refusesTwoTensorsOfOneName() {
        String one = tensor("FP32", "[1]", "[1]");

        assertThatThrownBy(() -> TensorJson.readAll(parser("[" + one + "," + one + "]")))
                .isInstanceOf(TensorRejected.class)
                .hasMessageContaining("twice");
    }

    @Test
    void aLargeClaimedShapeAllocatesLittle() {
        long before = System.nanoTime();

        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> read(tensor("FP32", "[500000000]", "[1]"))).isInstanceOf(TensorRejected.class);
        }

        assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
    }

    @Test
    void refusesToWriteNonFiniteNumbers() {
        Tensor tensor = Tensor.ofFloats("x", new long[] {2}, 1, Float.NaN);

        assertThatThrownBy(() -> write(tensor))
                .isInstanceOf(TensorRejected.class)
                .hasMessageContaining("element 1 is NaN");
    }

    private static Tensor randomTensor(Random random) {
        long[] shape = random.longs(random.nextInt(4), 0, 12).toArray();
        int elements = (int) Tensor.elements(shape);
        return switch (random.nextInt(4)) {
            case 0 -> Tensor.ofFloats("t", shape, randomFloats(random, elements));
            case 1 -> Tensor.ofLongs("t", shape, random.longs(elements).toArray());
            case 2 -> Tensor.ofBooleans("t", shape, randomBooleans(random, elements));
            default -> Tensor.ofBytes("t", shape, randomBytes(random, elements));
        };
    }

    private static float[] randomFloats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
        }
        return values;
    }

    private static boolean[] randomBooleans(Random random, int count) {
        boolean[] values = new boolean[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextBoolean();
        }
        return values;
    }

    private static byte[] randomBytes(Random random, int count) {
        byte[] values = new byte[count];
        random.nextBytes(values);
        return values;
    }

    /** The digits of the shortest %e text that reads back as the same float. */
    private static int fewestDigits(float value) {
        for (int precision = 0; precision < 9; precision++) {
            if (Float.parseFloat(String.format(Locale.ROOT, "%." + precision + "e", value)) == value) {
                return precision + 1;
            }
        }
        return 9;
    }

    private static int digits(String number) {
        String mantissa = number.replaceAll("E.*", "").replaceAll("[-.]", "").replaceAll("^0+", "");
        return Math.max(1, mantissa.replaceAll("0+$", "").length());
    }

    private static String tensor(String datatype, String shape, String data) {
        return "{\"name\": \"x\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}".formatted(datatype, shape, data);
    }

    private static String data(String json) {
        return json.substring(json.indexOf("\"data\":[") + 8, json.lastIndexOf(']'));
    }

    private static String write(Tensor tensor) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = TensorJson.FACTORY.createGenerator(text)) {
            TensorJson.write(tensor, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Tensor read(String json) {
        try (JsonParser parser = parser(json)) {
            return TensorJson.read(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonParser parser(String json) throws IOException {
        JsonParser parser = TensorJson.FACTORY.createParser(json);
        parser.nextToken();
        return parser;
    }
}
