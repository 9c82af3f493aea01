package io.hemline.serving.forecasts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.http.Json;
import io.hemline.serving.http.testing.TestListener;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendsTest {

    private static TestListener listener;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'',                 wideleg us;wideleg vn;cargo vn;skinny us;newcomer us",
        "?sort=rising,       wideleg us;wideleg vn;cargo vn;skinny us;newcomer us",
        "?sort=falling,      skinny us;cargo vn;wideleg us;wideleg vn;newcomer us",
        "?market=vn,         wideleg vn;cargo vn",
        "?market=us&limit=1, wideleg us",
    })
    void listsTheSteepestFirst(String query, String expected) {
        assertThat(String.join(";", names(list(query)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"rising", "falling"})
    void goesOnWhereThePageEnded(String sort) {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = list("?limit=2&sort=" + sort + cursor);
            names.addAll(names(page));
            cursor = page.get("next").isNull()
                    ? ""
                    : "&cursor=" + page.get("next").asText();
        } while (!cursor.isEmpty());

        assertThat(names).isEqualTo(names(list("?sort=" + sort)));
    }

    @Test
    void namesTheMarketsThatThereAre() {
        HttpResponse<String> response = listener.get("/v1/trends?market=atlantis");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("us, vn").contains("atlantis").contains("#/market");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,            limit,  500",
        "limit=501,          limit,  501",
        "limit=ten,          limit,  ten",
        "sort=up,            sort,   up",
        "cursor=nonsense,    cursor, nonsense",
        "market=vn&market=us,market, once",
        "page=2,             page,   unknown",
    })
    void namesParametersAtFault(String query, String field, String word) {
        HttpResponse<String> response = listener.get("/v1/trends?" + query);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("#/" + field).contains(word);
    }

    @Test
    void carriesTheVersionThatScoredThem() {
        assertThat(listener.get("/v1/trends").headers().firstValue("X-Model-Version"))
                .hasValue("7");
    }

    private static JsonNode list(String query) {
        HttpResponse<String> response = listener.get("/v1/trends" + query);
        assertThat(response.statusCode()).isEqualTo(200);
        return Json.parse(response.body());
    }

    private static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.get("trends")
                .forEach(trend -> names.add(trend.get("hashtag").asText() + " "
                        + trend.get("market").asText()));
        return names;
    }
}
