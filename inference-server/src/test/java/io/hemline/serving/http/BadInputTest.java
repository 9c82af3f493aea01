package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.http.testing.TestListener;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad question gets a 4xx that names the field, the value and the limit, and the server answers afterwards. */
class BadInputTest {

    private static TestListener listener;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @AfterEach
    void answersAfterwards() {
        assertThat(listener.get("/predict?hashtags=a").statusCode()).isEqualTo(200);
    }

    static Stream<Arguments> items() {
        String long521 = "[1" + ",1".repeat(520) + "]";
        String tooBig = Base64.getEncoder().encodeToString(new byte[5_000_001]);
        return Stream.of(
                arguments(series("[1,\"2\"]"), "#/items/0/series/1", "1e30", "\"2\""),
                arguments(series("[true]"), "#/items/0/series/0", "number", "true"),
                arguments(series("[1,2,1e999]"), "#/items/0/series/2", "1e30", "1e999"),
                arguments(series("[-1.1e30]"), "#/items/0/series/0", "-1e30", "-1.1e30"),
                arguments(series("[[1]]"), "#/items/0/series/0", "number", "a list"),
                arguments(series("[{}]"), "#/items/0/series/0", "number", "an object"),
                arguments(series("[null,null]"), "#/items/0/series", "at least one", "2 times null"),
                arguments(series("[]"), "#/items/0/series", "1 to 520", "not 0"),
                arguments(series(long521), "#/items/0/series", "1 to 520", "not 521"),
                arguments(series("7"), "#/items/0/series", "list", "not 7"),
                arguments("{\"series\":[1]}", "#/items/0", "last_week", "missing"),
                arguments(week("\"2018-12-30\""), "#/items/0/last_week", "Monday", "2018-12-30"),
                arguments(week("\"2018-02-30\""), "#/items/0/last_week", "date", "2018-02-30"),
                arguments(week("\"yesterday\""), "#/items/0/last_week", "date", "yesterday"),
                arguments(week("\"+2018-12-31\""), "#/items/0/last_week", "date", "+2018-12-31"),
                arguments(week("\"0001-01-01\""), "#/items/0/last_week", "1900-01-01", "0001-01-01"),
                arguments(week("\"9998-12-28\""), "#/items/0/last_week", "2199-12-30", "9998-12-28"),
                arguments(week("20181231"), "#/items/0/last_week", "text", "20181231"),
                arguments(own("\"sentiment\":[1,2]"), "#/items/0/sentiment", "as long as series, 1", "not 2"),
                arguments(own("\"engagement\":[\"x\"]"), "#/items/0/engagement/0", "number", "\"x\""),
                arguments(own("\"influencer_share\":7"), "#/items/0/influencer_share", "list", "not 7"),
                arguments(own("\"image\":\"no base64!!!\""), "#/items/0/image", "base64", "no base64!!!"),
                arguments(own("\"image\":\"QUJD\\nQUI=\""), "#/items/0/image", "base64", "9 characters"),
                arguments(own("\"image\":\"QUI\""), "#/items/0/image", "padded", "QUI"),
                arguments(own("\"image\":\"_-==\""), "#/items/0/image", "standard", "_-=="),
                arguments(own("\"image\":\"\""), "#/items/0/image", "base64", "0 characters"),
                arguments(own("\"image\":\"" + tooBig + "\""), "#/items/0/image", "5000000", "5000001"),
                arguments(own("\"market\":\"us\""), "#/items/0/market", "attributes", "hashtag"),
                arguments(own("\"attributes\":{\"colour\":\"red\"}"), "#/items/0/attributes/colour", "known", "gender"),
                arguments(own("\"attributes\":{\"gender\":1}"), "#/items/0/attributes/gender", "text", "not 1"),
                arguments(own("\"attributes\":[]"), "#/items/0/attributes", "object", "a list"),
                arguments(
                        own("\"attributes\":{\"market\":\"us\",\"country\":\"vn\"}"),
                        "#/items/0/attributes/country",
                        "market",
                        "us"),
                arguments(own("\"hashtag\":\"a\""), "#/items/0", "exactly one", "both"),
                arguments("{}", "#/items/0", "exactly one", "neither"),
                arguments("{\"id\":\"\",\"hashtag\":\"a\"}", "#/items/0/id", "1 to 100", "not 0"),
                arguments("{\"hashtag\":\"#\"}", "#/items/0/hashtag", "1 to 100", "not 0"),
                arguments("{\"hashtag\":\"" + "a".repeat(101) + "\"}", "#/items/0/hashtag", "100", "101"),
                arguments("{\"hashtag\":\"a\\u0000b\"}", "#/items/0/hashtag", "control", "a\uFFFDb"),
                arguments("{\"hashtag\":\"\\ud800\"}", "#/items/0/hashtag", "control", "\uFFFD"),
                arguments("{\"hashtag\":7}", "#/items/0/hashtag", "text", "not 7"),
                arguments("{\"hashtag\":\"a\",\"market\":\"\"}", "#/items/0/market", "1 to 100", "not 0"),
                arguments("{\"hashtag\":\"a\",\"series_id\":1}", "#/items/0/series_id", "unknown field", "hashtag"),
                arguments("{\"hashtag\":\"a\",\"x/y~\":1}", "#/items/0/x~1y~0", "unknown field", "hashtag"),
                arguments("{\"hashtag\":\"a\",\"image\":\"QUJD\"}", "#/items/0/image", "series", "hashtag"),
                arguments("7", "#/items/0", "object", "not 7"));
    }

    @ParameterizedTest
    @MethodSource("items")
    void namesFieldValueAndLimitOfABadItem(String item, String pointer, String limit, String value) {
        HttpResponse<String> response = listener.post("/v1/forecasts", "{\"items\":[" + item + "]}");

        JsonNode error = Json.parse(response.body()).get("errors").get(0);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(error.get("pointer").asText()).isEqualTo(pointer);
        assertThat(error.get("detail").asText()).contains(limit).contains(value);
    }

    static Stream<Arguments> bodies() {
        String item = "{\"hashtag\":\"a\"},";
        return Stream.of(
                arguments("{}", "#", "items is missing"),
                arguments("[]", "#", "an object, not a list"),
                arguments("{\"items\":[]}", "#/items", "1 to 64 items, not 0"),
                arguments(
                        "{\"items\":[" + item.repeat(64) + "{\"hashtag\":\"a\"}]}", "#/items", "1 to 64 items, not 65"),
                arguments("{\"items\":{}}", "#/items", "list of questions, not an object"),
                arguments("{\"items\":null}", "#/items", "list of questions, not null"),
                arguments("{\"items\":[{\"hashtag\":\"a\"}],\"horizon\":13}", "#/horizon", "unknown field"),
                arguments("{\"items\":[{\"hashtag\":\"a\"}],\"include\":\"all\"}", "#/include", "only history"),
                arguments("{\"items\":[{\"hashtag\":\"a\"}],\"include\":[7]}", "#/include/0", "not 7"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void namesWhatIsWrongWithTheWhole(String body, String pointer, String words) {
        HttpResponse<String> response = listener.post("/v1/forecasts", body);

        JsonNode error = Json.parse(response.body()).get("errors").get(0);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error.get("pointer").asText()).isEqualTo(pointer);
        assertThat(error.get("detail").asText()).contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"items\":[}",
                "{'items':[]}",
                "{\"items\":[01]}",
                "{\"items\":[{\"hashtag\":\"a\"}]} x",
                "{\"items\":[{\"hashtag\":\"a\"}]}{}",
                "{\"items\":[],\"items\":[]}",
                "{\"items\":[{\"hashtag\":\"a\",\"hashtag\":\"b\"}]}",
                "{\"items\":[{\"hashtag\":\"a\nb\"}]}",
                "hello",
            })
    void refusesWhatIsNoJson(String body) {
        HttpResponse<String> response = listener.post("/v1/forecasts", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Json.parse(response.body()).get("detail").asText()).startsWith("The body is not JSON: ");
    }

    @Test
    void refusesNestingWithoutEnd() {
        HttpResponse<String> response = listener.post("/v1/forecasts", "{\"x\":" + "[".repeat(100_000));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("depth").contains("32");
    }

    @Test
    void refusesOtherEncodingsOfText() {
        byte[] utf16 = "{\"items\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
        byte[] latin1 = "{\"items\":[{\"hashtag\":\"\u00FC\"}]}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        for (byte[] body : List.of(utf16, latin1)) {
            HttpResponse<String> response = listener.send(
                    "POST", "/v1/forecasts", BodyPublishers.ofByteArray(body), "Content-Type", "application/json");
            assertThat(response.statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void namesThePlaceOfAWordThatJsonDoesNotHave(String word) {
        HttpResponse<String> response =
                listener.post("/v1/forecasts", "{\"items\":[" + series("[1," + word + "]") + "]}");

        JsonNode problem = Json.parse(response.body());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem.get("errors").get(0).get("pointer").asText()).isEqualTo("#/items/0/series/1");
        assertThat(problem.get("errors").get(0).get("detail").asText()).contains(word);
    }

    @Test
    void namesEveryItemAtFault() {
        HttpResponse<String> response = listener.post(
                "/v1/forecasts",
                "{\"items\":[" + series("[true,1,\"x\"]") + ",{\"hashtag\":\"a\"},{\"hashtag\":\"\"}],\"more\":1}");

        assertThat(Json.parse(response.body()).get("errors").findValuesAsText("pointer"))
                .containsExactly("#/items/0/series/0", "#/items/0/series/2", "#/items/2/hashtag", "#/more");
    }

    @Test
    void listsAHundredFaultsAndCountsTheRest() {
        HttpResponse<String> response =
                listener.post("/v1/forecasts", "{\"items\":[" + series("[true" + ",true".repeat(500) + "]") + "]}");

        JsonNode problem = Json.parse(response.body());
        assertThat(problem.get("errors")).hasSize(100);
        assertThat(problem.get("detail").asText()).endsWith("and 500 more");
    }

    static Stream<Arguments> predictBodies() {
        return Stream.of(
                arguments("{}", "#", "hashtags is missing"),
                arguments("{\"hashtags\":\"a,b\"}", "#/hashtags", "list of hashtags"),
                arguments("{\"hashtags\":[]}", "#/hashtags", "1 to 64 hashtags, not 0"),
                arguments("{\"hashtags\":[\"a\"" + ",\"a\"".repeat(64) + "]}", "#/hashtags", "not 65"),
                arguments("{\"hashtags\":[\"a\",7]}", "#/hashtags/1", "not 7"),
                arguments("{\"hashtags\":null}", "#/hashtags", "list of hashtags"),
                arguments("{\"hashtags\":[null]}", "#/hashtags/0", "text, not null"),
                arguments("{\"hashtags\":[\"a\"],\"colour\":null}", "#/colour", "unknown field"),
                arguments("{\"hashtags\":[\"a\"],\"market\":7}", "#/market", "text, not 7"),
                arguments("{\"hashtags\":[\"a\"],\"items\":[]}", "#/items", "unknown field"));
    }

    @ParameterizedTest
    @MethodSource("predictBodies")
    void namesWhatIsWrongWithAPrediction(String body, String pointer, String words) {
        HttpResponse<String> response = listener.post("/predict", body);

        JsonNode error = Json.parse(response.body()).get("errors").get(0);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error.get("pointer").asText()).isEqualTo(pointer);
        assertThat(error.get("detail").asText()).contains(words);
    }

    /** The letter w in two bytes, a surrogate in three, and bytes that begin no character. */
    @ParameterizedTest
    @ValueSource(strings = {"\u00c1\u00b7ideleg", "\u00ed\u00a0\u0080", "\u00ff", "wideleg\u00c3"})
    void refusesTextThatIsNotInUtf8(String hashtag) {
        String predict = "{\"hashtags\":[\"" + hashtag + "\"]}";
        String forecasts = "{\"items\":[{\"hashtag\":\"" + hashtag + "\"}]}";
        String named = "{\"items\":[{\"hashtag\":\"a\",\"" + hashtag + "\":1}]}";

        for (String body : List.of(predict, forecasts, named)) {
            HttpResponse<String> response = listener.send(
                    "POST",
                    body.equals(predict) ? "/predict" : "/v1/forecasts",
                    BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.ISO_8859_1)),
                    "Content-Type",
                    "application/json");

            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(response.body()).contains("not-json", "not valid UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\":[{\"hashtag\":\"a\",\"market\":null,\"id\":null,\"series\":null,\"last_week\":null}],\"include\":null}",
                "{\"items\":[{\"series\":[1],\"last_week\":\"2026-11-16\",\"hashtag\":null,\"market\":null,\"id\":null,"
                        + "\"influencer_share\":null,\"sentiment\":null,\"engagement\":null,\"image\":null,"
                        + "\"attributes\":null}]}",
                "{\"items\":[{\"series\":[1],\"last_week\":\"2026-11-16\",\"attributes\":"
                        + "{\"market\":null,\"country\":\"jp\",\"gender\":null,\"category\":null}}]}"
            })
    void takesNullForAMemberThatIsLeftOut(String body) {
        String without = body.replaceAll(",?\"[a-z_]+\":null", "").replace("{,", "{");

        assertThat(without).doesNotContain("null");
        HttpResponse<String> response = listener.post("/v1/forecasts", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo(listener.post("/v1/forecasts", without).body());
    }

    @Test
    void takesNullForNoMarket() {
        String asked = "{\"hashtags\":[\"a\"],\"market\":null}";

        assertThat(listener.post("/predict", asked).body())
                .isEqualTo(listener.post("/predict", "{\"hashtags\":[\"a\"]}").body());
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                arguments("", "#", "hashtags is missing"),
                arguments("?hashtags=", "#/hashtags", "not empty"),
                arguments("?hashtags", "#/hashtags", "not empty"),
                arguments("?hashtags=a,,b", "#/hashtags/1", "1 to 100"),
                arguments("?hashtags=a&hashtags=b", "#/hashtags", "once"),
                arguments("?hashtags=a&market=", "#/market", "not empty"),
                arguments("?hashtags=a&colour=red", "#/colour", "unknown parameter; known: hashtags"),
                arguments("?hashtags=a" + ",a".repeat(64), "#/hashtags", "1 to 64 hashtags, not 65"),
                arguments("?hashtags=%C3%28", "#/hashtags", "percent-encoded UTF-8"),
                arguments("?hashtags=%C1%B7ideleg", "#/hashtags", "percent-encoded UTF-8"),
                arguments("?hashtags=a%00b", "#/hashtags/0", "control"),
                arguments("?hashtags=" + "a".repeat(101), "#/hashtags/0", "101"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void namesParametersAtFault(String query, String pointer, String words) {
        for (String path : List.of("/predict", "/v1/forecasts")) {
            HttpResponse<String> response = listener.get(path + query);

            JsonNode error = Json.parse(response.body()).get("errors").get(0);
            assertThat(response.statusCode()).isEqualTo(422);
            assertThat(error.get("pointer").asText()).isEqualTo(pointer);
            assertThat(error.get("detail").asText()).contains(words);
        }
    }

    @Test
    void namesAnIncludeThatThereIsNot() {
        HttpResponse<String> response = listener.get("/v1/forecasts?hashtags=a&include=future");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("#/include").contains("future");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "soon", "9999999999"})
    void namesATimeoutThatIsNone(String millis) {
        HttpResponse<String> response = listener.get("/predict?hashtags=a", "X-Request-Timeout-Ms", millis);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("X-Request-Timeout-Ms").contains(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/json; charset=latin1",
                "application/problem+json",
                "multipart/form-data; boundary=x",
                "json"
            })
    void refusesOtherMediaTypes(String type) {
        HttpResponse<String> response =
                listener.send("POST", "/v1/forecasts", BodyPublishers.ofString("{}"), "Content-Type", type);

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.body()).contains(type.substring(0, 4)).contains("application/json");
    }

    @Test
    void refusesABodyWithoutMediaTypeAndOneThatIsCompressed() {
        assertThat(listener.send("POST", "/predict", BodyPublishers.ofString("{}"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(listener.send(
                                "POST",
                                "/predict",
                                BodyPublishers.ofString("{}"),
                                "Content-Type",
                                "application/json",
                                "Content-Encoding",
                                "gzip")
                        .statusCode())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"; profile=x"
            })
    void readsJsonHoweverItIsNamed(String type) {
        HttpResponse<String> response = listener.send(
                "POST", "/predict", BodyPublishers.ofString("{\"hashtags\":[\"a\"]}"), "Content-Type", type);

        assertThat(response.statusCode()).isEqualTo(200);
    }

    private static String series(String values) {
        return "{\"last_week\":\"2018-12-31\",\"series\":" + values + "}";
    }

    private static String week(String week) {
        return "{\"series\":[1],\"last_week\":" + week + "}";
    }

    private static String own(String member) {
        return "{\"series\":[1],\"last_week\":\"2018-12-31\"," + member + "}";
    }
}
