package io.hemline.serving.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.testing.ApiDocument;
import io.hemline.serving.http.testing.FakeTrendBoard;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.oip.testing.FakeTensorModels;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenInferenceTest {

    private static final String X = "{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1.5,2]}";
    private static final String KEEP = "{\"name\":\"keep\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[true]}";
    private static final String INFER = "/v2/models/trend/infer";

    private final FakeTensorModels models = new FakeTensorModels();
    private volatile boolean ready = true;
    private List<Resource> resources;
    private TestListener listener;

    @BeforeEach
    void open() {
        resources = new OpenInference(
                        new CheckedModels(models, 64, 5_000_000), () -> ready, ServerIdentity.rest("0.1.0"))
                .resources();
        listener = new TestListener(TestListener.defaults(), new FakeTrendBoard(), resources);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":null,\"parameters\":null,\"outputs\":null,\"model_name\":null,\"model_version\":null,\"inputs\":[X,KEEP]}",
                "{\"parameters\":{\"binary_data_output\":null,\"timeout\":null,\"priority\":null},\"inputs\":[X,KEEP]}",
                "{\"outputs\":[{\"name\":\"y\",\"parameters\":null}],\"inputs\":[X,KEEP]}",
                "{\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":null}}],\"inputs\":[X,KEEP]}",
                "{\"inputs\":[{\"parameters\":null,X,{\"parameters\":{\"binary_data_size\":null},KEEP]}"
            })
    void takesNullForAMemberThatIsLeftOut(String body) {
        String whole = body.replace("{\"parameters\":null,X", X.replace("{", "{\"parameters\":null,"))
                .replace("null},KEEP", "null}," + KEEP.substring(1))
                .replace("X", X)
                .replace("KEEP", KEEP);

        HttpResponse<String> response = listener.post(INFER, whole);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("\"id\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"inputs\":null}", "{\"outputs\":[null],\"inputs\":[X]}", "{\"else\":null,\"inputs\":[X]}"})
    void takesNullForNothingElse(String body) {
        assertThat(listener.post(INFER, body.replace("X", X)).statusCode()).isEqualTo(400);
    }

    @Test
    void listsAllWhereReadyIsNull() {
        assertThat(listener.post("/v2/repository/index", "{\"ready\":null}").body())
                .isEqualTo(listener.post("/v2/repository/index", "").body());
    }

    @Test
    void refusesTextThatIsNotInUtf8() {
        byte[] body =
                ("{\"id\":\"\u00c1\u00b7\",\"inputs\":[" + X + "," + KEEP + "]}").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(listener.send("POST", INFER, BodyPublishers.ofByteArray(body))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v2                                | {'name':'hemline','version':'0.1.0','extensions':['binary_tensor_data','model_repository','statistics']}",
                "/v2/                               | {'name':'hemline','version':'0.1.0','extensions':['binary_tensor_data','model_repository','statistics']}",
                "/v2/health/live                    | {'live':true}",
                "/v2/health/ready                   | {'live':true,'ready':true}",
                "/v2/models/trend/ready             | {'name':'trend','ready':true}",
                "/v2/models/trend/versions/7/ready  | {'name':'trend','ready':true}",
            })
    void answersServerMetadata(String path, String expected) {
        assertThat(listener.get(path).body()).isEqualTo(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/trend", "/v2/models/trend/versions/7"})
    void answersModelMetadata(String path) {
        assertThat(listener.get(path).body().replace('"', '\''))
                .isEqualTo("{'name':'trend','versions':['7'],'platform':'onnx_onnxv1','inputs':["
                        + "{'name':'x','datatype':'FP32','shape':[-1,2]},"
                        + "{'name':'keep','datatype':'BOOL','shape':[-1]}],'outputs':["
                        + "{'name':'y','datatype':'FP32','shape':[-1,2]},"
                        + "{'name':'flag','datatype':'BOOL','shape':[-1]}],"
                        + "'properties':{'digest':'" + "0".repeat(64) + "','training_data':'synthetic'}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {INFER, "/v2/models/trend/versions/7/infer"})
    void infersEveryOutputWhenNoneIsNamed(String path) {
        HttpResponse<String> response = listener.post(path, request(KEEP + "," + X, ""));

        assertThat(response.body().replace('"', '\''))
                .isEqualTo("{'model_name':'trend','model_version':'7','outputs':["
                        + "{'name':'y','datatype':'FP32','shape':[1,2],'data':[3.0,4.0]},"
                        + "{'name':'flag','datatype':'BOOL','shape':[1],'data':[true]}]}");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void echoesTheIdAndAnswersTheOutputsThatAreNamed() {
        String more =
                ",\"model_name\":\"trend\",\"id\":\"\\u00e4-1\",\"parameters\":{\"priority\":1},\"outputs\":[{\"name\":\"flag\"}]";

        HttpResponse<String> response = listener.post(INFER, request(X + "," + KEEP, more));

        assertThat(response.body().replace('"', '\''))
                .isEqualTo("{'model_name':'trend','model_version':'7','id':'ä-1','outputs':["
                        + "{'name':'flag','datatype':'BOOL','shape':[1],'data':[true]}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32BE"})
    void refusesJsonInAnotherEncodingThanUtf8(String charset) {
        HttpResponse<String> response = listener.send(
                "POST",
                INFER,
                HttpRequest.BodyPublishers.ofString(request(X + "," + KEEP, ""), Charset.forName(charset)),
                "Content-Type",
                "application/json");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("it is not UTF-8");
    }

    static Stream<Arguments> invalidRequests() {
        return Stream.of(
                arguments("", "not JSON"),
                arguments("[]", "object"),
                arguments("{}", "inputs is missing"),
                arguments("{\"inputs\":{}}", "array"),
                arguments(request(X, ""), "\"keep\" is missing: BOOL [B]"),
                arguments(request(X + "," + KEEP + "," + X.replace("\"x\"", "\"z\""), ""), "no input \"z\""),
                arguments(request(X + "," + X + "," + KEEP, ""), "twice"),
                arguments(request(X.replace("FP32", "FP64") + "," + KEEP, ""), "FP64"),
                arguments(request(X.replace("FP32", "INT64").replace("1.5", "1") + "," + KEEP, ""), "must be FP32"),
                arguments(request(X.replace("[1,2]", "[2,1]") + "," + KEEP, ""), "[B, 2]"),
                arguments(request(X.replace("[1,2]", "[-1,2]") + "," + KEEP, ""), "-1"),
                arguments(request(X.replace("[1.5,2]", "[1.5]") + "," + KEEP, ""), "2 elements"),
                arguments(request(X.replace("1.5", "1e99") + "," + KEEP, ""), "1e99"),
                arguments(
                        request(X.replace("[1,2]", "[65,2]").replace("[1.5,2]", "[1" + ",1".repeat(129) + "]"), ""),
                        "64"),
                arguments(request(X.replace("[1,2]", "[9000000,9000000,9]") + "," + KEEP, ""), "2 GB"),
                arguments(request(X.replace("FP32", "BYTES") + "," + KEEP, ""), "element 0 must be a string of base64"),
                arguments(
                        request(X.replace("FP32", "FP16") + "," + KEEP, ""),
                        "datatype must be one of [FP32, INT64, BOOL, UINT8, BYTES], not FP16"),
                arguments(request(X + "," + KEEP, ",\"parameters\":{\"timeout\":-1}"), "timeout"),
                arguments(request(X + "," + KEEP, ",\"parameters\":{\"binary_data_output\":1}"), "binary_data_output"),
                arguments(request(X.replace("1.5", "NaN") + "," + KEEP, ""), "NaN"),
                arguments(request(X + "," + KEEP.replace("[1]", "[2]").replace("[true]", "[true,true]"), ""), "rows"),
                arguments(
                        request(
                                X.replace("[1,2]", "[0,2]").replace("[1.5,2]", "[]") + ","
                                        + KEEP.replace("[1]", "[0]").replace("[true]", "[]"),
                                ""),
                        "at least one row"),
                arguments(request(X + "," + KEEP, ",\"outputs\":[{\"name\":\"z\"}]"), "no output \"z\""),
                arguments(request(X + "," + KEEP, ",\"outputs\":[{\"name\":\"y\"},{\"name\":\"y\"}]"), "twice"),
                arguments(request(X + "," + KEEP, ",\"outputs\":[{}]"), "no name"),
                arguments(request(X + "," + KEEP, ",\"id\":7"), "id must be text"),
                arguments(request(X + "," + KEEP, ",\"colour\":7"), "colour"),
                arguments(request(X + "," + KEEP, "") + "x", "not JSON"),
                arguments("{\"parameters\":" + "[".repeat(2000), "parameters"),
                arguments("{\"parameters\":{\"a\":" + "[".repeat(2000), "not JSON"));
    }

    @ParameterizedTest
    @MethodSource("invalidRequests")
    void answersInvalidRequestsWithTheErrorOfTheProtocol(String body, String words) {
        HttpResponse<String> response = listener.post(INFER, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body()).contains("\"error\":\"").contains(words.replace("\"", "\\\""));
        assertThat(listener.post(INFER, request(X + "," + KEEP, "")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void namesTheProblemTypeToClientsThatAcceptProblemDocuments() {
        HttpResponse<String> response = listener.get("/v2/models/nothing", "Accept", "application/problem+json, */*");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("[picture, trend]");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/nothing,               404",
        "/v2/models/nothing/ready,         404",
        "/v2/models/trend/versions/6,      404",
        "/v2/models/trend/versions/x/ready,404",
        "/v2/models/trend/versions,        404",
        "/v2/models/trend/infer,           405",
    })
    void refusesWhatThereIsNot(String path, int status) {
        assertThat(listener.get(path).statusCode()).isEqualTo(status);
    }

    @Test
    void isNotReadyWithoutALiveVersion() {
        models.die();
        ready = false;

        for (String path : List.of("/v2/health/ready", "/v2/models/trend/ready", "/v2/models/trend")) {
            HttpResponse<String> response = listener.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(response.body()).contains("\"error\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"INVALID,400", "OVERLOADED,503", "DEADLINE_EXCEEDED,504", "NO_MODEL,503", "INTERNAL,500"})
    void answersEachFailureWithItsCode(Failure failure, int status) {
        models.failWith(failure);

        assertThat(listener.post(INFER, request(X + "," + KEEP, "")).statusCode())
                .isEqualTo(status);
    }

    @Test
    void isServedAsTheOpenApiSays() {
        Set<String> served = new TreeSet<>();
        resources.forEach(
                resource -> resource.methods().forEach(method -> served.add(method.name() + " " + resource.path())));
        ApiDocument document = ApiDocument.of(listener);
        Set<String> documented = new TreeSet<>(document.operations());
        documented.removeIf(operation -> !operation.contains(" /v2"));

        assertThat(served).isEqualTo(documented);
        for (String path : List.of("/v2/models/stats", "/v2/models/trend/versions/7/stats")) {
            assertThat(document.validate(
                            "/components/responses/V2Statistics/content/application~1json/schema",
                            listener.get(path).body()))
                    .isEmpty();
        }
        assertValid(document, "V2Server", listener.get("/v2").body());
        assertValid(
                document, "V2ModelMetadata", listener.get("/v2/models/trend").body());
        assertValid(document, "V2InferRequest", request(X + "," + KEEP, ",\"id\":\"a\""));
        assertValid(
                document,
                "V2InferResponse",
                listener.post(INFER, request(X + "," + KEEP, "")).body());
        assertValid(document, "Problem", listener.post(INFER, "{}").body());
    }

    @Test
    void readsTheExampleOfTheOpenApi() {
        ApiDocument document = ApiDocument.of(listener);
        String example = document.at("/paths/~1v2~1models~1{model}~1infer/post/requestBody/content/application~1json"
                        + "/examples/doubles/value")
                .toString();

        InferRequest request = read(example);

        assertThat(request.id()).isEqualTo("a-1");
        assertThat(request.inputs()).hasSize(1);
        assertThat(request.outputNames()).containsExactly("y");
        assertValid(document, "V2InferRequest", example);
    }

    @Test
    void answersMalformedRequestsWithoutAnInternalError() {
        Random random = new Random(7);
        String good = request(X + "," + KEEP, ",\"id\":\"a\",\"outputs\":[{\"name\":\"y\"}]");
        for (int round = 0; round < 500; round++) {
            StringBuilder body = new StringBuilder(good);
            for (int spoils = 1 + random.nextInt(3); spoils > 0; spoils--) {
                int at = random.nextInt(body.length());
                if (random.nextBoolean()) {
                    body.deleteCharAt(at);
                } else {
                    body.setCharAt(at, (char) (' ' + random.nextInt(0x2000)));
                }
            }
            int status = listener.send(
                            "POST",
                            INFER,
                            BodyPublishers.ofByteArray(body.toString().getBytes(StandardCharsets.UTF_8)),
                            "Content-Type",
                            "application/json")
                    .statusCode();
            assertThat(status).as(body.toString()).isIn(200, 400);
        }
    }

    private static InferRequest read(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return InferRequestReader.read(body, body.length);
    }

    private static void assertValid(ApiDocument document, String schema, String json) {
        assertThat(document.validate("/components/schemas/" + schema, json))
                .as(json)
                .isEmpty();
    }

    private static String request(String inputs, String more) {
        return "{\"inputs\":[" + inputs + "]" + more + "}";
    }
}
