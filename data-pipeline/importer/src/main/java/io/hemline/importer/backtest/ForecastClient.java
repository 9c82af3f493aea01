package io.hemline.importer.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for forecasts of own series, by {@code POST /v1/forecasts}.
 *
 * <p>Immutable.
 */
final class ForecastClient {

    static final int ITEMS = 64;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String server;
    private final @Nullable String apiKey;

    ForecastClient(String server, @Nullable String apiKey) {
        this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        this.apiKey = apiKey;
    }

    /** Forecasts of at most 64 trials, in their order. */
    List<ServedForecast> ask(List<Trial> trials) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode items = body.putArray("items");
        trials.forEach(trial -> add(items, trial));
        JsonNode forecasts = send(body.toString()).path("forecasts");
        if (forecasts.size() != trials.size()) {
            throw new ImportException(server + " answered " + forecasts.size() + " forecasts for " + trials.size()
                    + " series; is it a Hemline server?");
        }
        List<ServedForecast> found = new ArrayList<>();
        for (JsonNode forecast : forecasts) {
            JsonNode quantiles = forecast.path("quantiles");
            String trend = forecast.path("trend_class").asText();
            found.add(new ServedForecast(
                    numbers(quantiles.path("0.1")),
                    numbers(quantiles.path("0.5")),
                    numbers(quantiles.path("0.9")),
                    trend.equals("rising") ? 1 : trend.equals("falling") ? -1 : 0));
        }
        return found;
    }

    private static void add(ArrayNode items, Trial trial) {
        ObjectNode item = items.addObject();
        ArrayNode series = item.putArray("series");
        for (double value : trial.history()) {
            if (Double.isNaN(value)) {
                series.addNull();
            } else {
                series.add(value);
            }
        }
        item.put("last_week", trial.lastWeek().toString());
        ObjectNode attributes = item.putObject("attributes");
        put(attributes, "market", trial.series().name().market());
        put(attributes, "gender", trial.series().name().gender());
        put(attributes, "category", trial.series().name().category());
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }

    private JsonNode send(String body) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(server + "/v1/forecasts"));
        } catch (IllegalArgumentException e) {
            throw new ImportException("--server: an address such as http://127.0.0.1:8080 is needed, not " + server, e);
        }
        request.header("Content-Type", "application/json").timeout(TIMEOUT);
        if (apiKey != null) {
            request.header("X-API-Key", apiKey);
        }
        try {
            HttpResponse<String> response = http.send(
                    request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new ImportException(
                        server + " refused: " + response.statusCode() + " " + detail(response.body()));
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new ImportException(server + " did not answer in JSON; is it a Hemline server?", e);
        } catch (IOException e) {
            throw new ImportException("--server: " + server + " cannot be reached: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportException("interrupted", e);
        }
    }

    private static String detail(String body) {
        try {
            JsonNode problem = JSON.readTree(body);
            JsonNode first = problem.path("errors").path(0).path("detail");
            return (problem.path("detail").asText("") + " " + first.asText("")).strip();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }
}
