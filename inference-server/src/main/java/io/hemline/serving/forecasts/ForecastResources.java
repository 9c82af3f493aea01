package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Responder;
import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.core.Stages;
import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.http.CacheStatus;
import io.hemline.serving.http.EncodedResponse.StoredResponse;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonBody;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.QueryParameters;
import io.hemline.serving.http.Representation;
import io.hemline.serving.http.Resource;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The two resources of forecasts: {@code /v1/forecasts} in full, {@code /predict} in short. */
public final class ForecastResources {

    private static final Set<String> FULL_PARAMETERS = Set.of(Hashtags.NAME, "market", Include.NAME);
    private static final Set<String> FULL_POST_PARAMETERS = Set.of(Include.NAME);
    private static final Set<String> BRIEF_PARAMETERS = Set.of(Hashtags.NAME, "market");

    private final Responder responder;
    private final ResponseLookup cached;
    private final HttpConfig config;

    /**
     * The resources of forecasts.
     *
     * @param responder answers queries; its future may complete on any thread
     * @param cached finds cached responses by the spelling of a request
     */
    public ForecastResources(Responder responder, ResponseLookup cached, HttpConfig config) {
        this.responder = requireNonNull(responder, "responder");
        this.cached = requireNonNull(cached, "cached");
        this.config = requireNonNull(config, "config");
    }

    public List<Resource> resources() {
        return List.of(
                Resource.getOrPost(AnswerForm.FULL.path(), this::getForecasts, this::postForecasts),
                Resource.getOrPost(AnswerForm.BRIEF.path(), this::getPredict, this::postPredict));
    }

    private void getForecasts(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        QueryParameters query = QueryParameters.read(exchange.request().query(), FULL_PARAMETERS, faults);
        Hashtags hashtags = Hashtags.read(query, config.maxItems(), faults);
        ask(
                exchange,
                faults,
                AnswerForm.FULL,
                hashtags.inOrder(wantsHistory(query, faults)),
                exchange.request().uri());
    }

    private void postForecasts(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        QueryParameters query = QueryParameters.read(exchange.request().query(), FULL_POST_PARAMETERS, faults);
        boolean history = wantsHistory(query, faults);
        post(exchange, faults, AnswerForm.FULL, body -> ForecastsReader.read(body, config, history, faults));
    }

    private void getPredict(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        QueryParameters query = QueryParameters.read(exchange.request().query(), BRIEF_PARAMETERS, faults);
        ParsedRequest asked = Hashtags.read(query, config.maxItems(), faults).sortedOnce();
        ask(exchange, faults, AnswerForm.BRIEF, asked, exchange.request().uri());
    }

    private void postPredict(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        QueryParameters.read(exchange.request().query(), Set.of(), faults);
        post(
                exchange,
                faults,
                AnswerForm.BRIEF,
                body -> Hashtags.read(body, config.maxItems(), faults).sortedOnce());
    }

    private static boolean wantsHistory(QueryParameters query, InvalidFields faults) {
        String include = query.get(Include.NAME);
        return include != null && Include.history(include, "#/include", faults);
    }

    private void post(
            Exchange exchange, InvalidFields faults, AnswerForm form, Function<byte[], ParsedRequest> reader) {
        String target = exchange.request().uri();
        JsonBody.answerOrRead(
                exchange,
                body -> {
                    String key = PostedRequest.key(target, body);
                    return key != null && answerFromCache(exchange, faults, key);
                },
                body -> new PostedRequest(reader.apply(body), PostedRequest.key(target, body)),
                posted -> ask(exchange, faults, form, posted.parsed(), posted.key()),
                exchange::fail);
    }

    /** Answers an identical earlier body from the cache, without parsing. */
    private boolean answerFromCache(Exchange exchange, InvalidFields faults, String key) {
        ResponseLookup.Hit hit = cached.lookup(key);
        if (hit == null || !(hit.response() instanceof StoredResponse response)) {
            return false;
        }
        exchange.deadlineNanos(detail -> faults.add(JsonPointer.ROOT, detail));
        faults.throwIfAny();
        exchange.answer(response.representation(), CacheStatus.ofHit(response.freshness()));
        hit.version().answeredFromCache(System.nanoTime() - exchange.startNanos());
        return true;
    }

    private void ask(
            Exchange exchange, InvalidFields faults, AnswerForm form, ParsedRequest asked, @Nullable String key) {
        long deadlineNanos = exchange.deadlineNanos(detail -> faults.add(JsonPointer.ROOT, detail));
        faults.throwIfAny();
        Stages stages = exchange.timeStages();
        stages.passed(Stage.READ, exchange.startNanos(), System.nanoTime());
        Request request = new Request(asked.questions(), deadlineNanos, stages);
        exchange.settle(
                responder.respond(new Responder.Query(
                        request,
                        exchange.startNanos(),
                        asked.key(form),
                        key,
                        answer -> write(exchange, form, asked, answer, stages))),
                deadlineNanos,
                response -> exchange.answer(
                        ((StoredResponse) response.content()).representation(), CacheStatus.of(response)),
                failure -> exchange.refuse(exchange.problemOf(failure, asked.places())));
    }

    /** Writes the response; a worker writes a large one. */
    private static Future<CachedResponse> write(
            Exchange exchange, AnswerForm form, ParsedRequest asked, Answer answer, Stages stages) {
        long start = System.nanoTime();
        if (form.bytes(asked, answer) <= Representation.LARGE) {
            CachedResponse written = WrittenAnswer.of(form, asked, answer);
            stages.passed(Stage.WRITE, start, System.nanoTime());
            return Future.succeededFuture(written);
        }
        return exchange.offLoop(() -> WrittenAnswer.of(form, asked, answer)).map(written -> {
            stages.passed(Stage.WRITE, start, System.nanoTime());
            return written;
        });
    }

    /**
     * A posted request.
     *
     * <p>Immutable.
     *
     * @param parsed its questions
     * @param key the cache key of its spelling, absent when it is too long to be kept
     */
    record PostedRequest(ParsedRequest parsed, @Nullable String key) {

        /** Longer bodies hold images or many series, which are seldom sent twice in the same spelling. */
        private static final int MAX_BODY = 3072;

        /** A key that no target of a {@code GET} has; {@code null} for a long body. */
        static @Nullable String key(String target, byte[] body) {
            if (body.length > MAX_BODY) {
                return null;
            }
            return "POST " + target + " " + new String(body, StandardCharsets.ISO_8859_1);
        }
    }
}
