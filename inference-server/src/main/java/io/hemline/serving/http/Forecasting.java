package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Request;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** The two doors to a forecast: {@code /v1/forecasts} in full, {@code /predict} in short. */
final class Forecasting {

    private static final Set<String> FULL_PARAMETERS = Set.of(Hashtags.NAME, "market", Include.NAME);
    private static final Set<String> FULL_POST_PARAMETERS = Set.of(Include.NAME);
    private static final Set<String> BRIEF_PARAMETERS = Set.of(Hashtags.NAME, "market");

    private final Forecaster forecaster;
    private final HttpConfig config;

    Forecasting(Forecaster forecaster, HttpConfig config) {
        this.forecaster = requireNonNull(forecaster, "forecaster");
        this.config = requireNonNull(config, "config");
    }

    List<Resource> resources() {
        return List.of(
                Resource.getOrPost("/v1/forecasts", this::getForecasts, this::postForecasts),
                Resource.getOrPost("/predict", this::getPredict, this::postPredict));
    }

    private void getForecasts(Exchange exchange) {
        Faults faults = new Faults();
        Query query = Query.read(exchange.request().query(), FULL_PARAMETERS, faults);
        Hashtags hashtags = Hashtags.read(query, config.maxItems(), faults);
        ask(exchange, faults, hashtags.inOrder(wantsHistory(query, faults)), AnswerWriter::full);
    }

    private void postForecasts(Exchange exchange) {
        Faults faults = new Faults();
        Query query = Query.read(exchange.request().query(), FULL_POST_PARAMETERS, faults);
        boolean history = wantsHistory(query, faults);
        JsonBody.read(
                exchange,
                body -> ForecastsReader.read(body, config, history, faults),
                asked -> ask(exchange, faults, asked, AnswerWriter::full),
                exchange::fail);
    }

    private void getPredict(Exchange exchange) {
        Faults faults = new Faults();
        Query query = Query.read(exchange.request().query(), BRIEF_PARAMETERS, faults);
        ask(exchange, faults, Hashtags.read(query, config.maxItems(), faults).sortedOnce(), AnswerWriter::brief);
    }

    private void postPredict(Exchange exchange) {
        Faults faults = new Faults();
        Query.read(exchange.request().query(), Set.of(), faults);
        JsonBody.read(
                exchange,
                body -> Hashtags.read(body, config.maxItems(), faults).sortedOnce(),
                asked -> ask(exchange, faults, asked, AnswerWriter::brief),
                exchange::fail);
    }

    private static boolean wantsHistory(Query query, Faults faults) {
        String include = query.get(Include.NAME);
        return include != null && Include.history(include, "#/include", faults);
    }

    private void ask(Exchange exchange, Faults faults, Asked asked, BiFunction<Asked, Answer, byte[]> writer) {
        long deadlineNanos = exchange.deadlineNanos(detail -> faults.add(Pointer.ROOT, detail));
        faults.throwIfAny();
        exchange.settle(
                forecaster.forecast(new Request(asked.questions(), deadlineNanos)),
                deadlineNanos,
                answer -> exchange.answer(Representation.tagged(
                        Representation.JSON, writer.apply(asked, answer), AnswerHeaders.of(answer))),
                failure -> exchange.refuse(exchange.problemOf(failure, asked.places())));
    }
}
