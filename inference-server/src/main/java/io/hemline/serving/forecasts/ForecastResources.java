package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.LiveVersion;
import io.hemline.serving.core.LiveVersions;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stage;
import io.hemline.serving.core.Stages;
import io.hemline.serving.http.CacheLookup;
import io.hemline.serving.http.CacheStatus;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonBody;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.Query;
import io.hemline.serving.http.Representation;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.StoredResponse;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The two doors to a forecast: {@code /v1/forecasts} in full, {@code /predict} in short. */
public final class ForecastResources {

    private static final Set<String> FULL_PARAMETERS = Set.of(Hashtags.NAME, "market", Include.NAME);
    private static final Set<String> FULL_POST_PARAMETERS = Set.of(Include.NAME);
    private static final Set<String> BRIEF_PARAMETERS = Set.of(Hashtags.NAME, "market");

    private final Forecaster forecaster;
    private final LiveVersions versions;
    private final HttpConfig config;

    public ForecastResources(Forecaster forecaster, LiveVersions versions, HttpConfig config) {
        this.forecaster = requireNonNull(forecaster, "forecaster");
        this.versions = requireNonNull(versions, "versions");
        this.config = requireNonNull(config, "config");
    }

    public List<Resource> resources() {
        return List.of(
                Resource.getOrPost(AnswerForm.FULL.path(), this::getForecasts, this::postForecasts),
                Resource.getOrPost(AnswerForm.BRIEF.path(), this::getPredict, this::postPredict));
    }

    private void getForecasts(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        Query query = Query.read(exchange.request().query(), FULL_PARAMETERS, faults);
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
        Query query = Query.read(exchange.request().query(), FULL_POST_PARAMETERS, faults);
        boolean history = wantsHistory(query, faults);
        post(exchange, faults, AnswerForm.FULL, body -> ForecastsReader.read(body, config, history, faults));
    }

    private void getPredict(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        Query query = Query.read(exchange.request().query(), BRIEF_PARAMETERS, faults);
        ParsedRequest asked = Hashtags.read(query, config.maxItems(), faults).sortedOnce();
        ask(exchange, faults, AnswerForm.BRIEF, asked, exchange.request().uri());
    }

    private void postPredict(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        Query.read(exchange.request().query(), Set.of(), faults);
        post(
                exchange,
                faults,
                AnswerForm.BRIEF,
                body -> Hashtags.read(body, config.maxItems(), faults).sortedOnce());
    }

    private static boolean wantsHistory(Query query, InvalidFields faults) {
        String include = query.get(Include.NAME);
        return include != null && Include.history(include, "#/include", faults);
    }

    private void post(
            Exchange exchange, InvalidFields faults, AnswerForm form, Function<byte[], ParsedRequest> reader) {
        String target = exchange.request().uri();
        JsonBody.answerOrRead(
                exchange,
                body -> {
                    String name = PostedRequest.name(target, body);
                    return name != null && answerReady(exchange, faults, name);
                },
                body -> new PostedRequest(reader.apply(body), PostedRequest.name(target, body)),
                posted -> ask(exchange, faults, form, posted.asked(), posted.name()),
                exchange::fail);
    }

    /** Asks under two names: as it was spelt, and as everybody would spell it who asks the same. */
    private void ask(
            Exchange exchange, InvalidFields faults, AnswerForm form, ParsedRequest asked, @Nullable String spelt) {
        long deadlineNanos = exchange.deadlineNanos(detail -> faults.add(JsonPointer.ROOT, detail));
        faults.throwIfAny();
        Stages stages = exchange.timeStages();
        stages.passed(Stage.READ, exchange.startNanos(), System.nanoTime());
        LiveVersion version = versions.of(asked.questions());
        long generation = version == null ? 0 : version.memory().generation();
        String name = asked.name(form);
        if (version != null && name != null && version.memory().ready(name) instanceof WrittenAnswer ready) {
            keep(version, spelt, ready, generation);
            answer(exchange, version, ready);
            return;
        }
        exchange.settle(
                forecaster.forecast(new Request(asked.questions(), deadlineNanos).timedBy(stages)),
                deadlineNanos,
                answer -> {
                    long start = System.nanoTime();
                    write(exchange, form, asked, answer, deadlineNanos, written -> {
                        if (version != null && version.identity().equals(answer.model())) {
                            keep(version, name, written, generation);
                            // An own series is hardly ever asked again: kept whole when its forecast was remembered.
                            if (name != null || answer.isHit()) {
                                keep(version, spelt, written, generation);
                            }
                        }
                        stages.passed(Stage.WRITE, start, System.nanoTime());
                        exchange.answer(written.representation(), CacheStatus.of(answer));
                    });
                },
                failure -> exchange.refuse(exchange.problemOf(failure, asked.places())));
    }

    /** Goes on with the answer in writing; a worker writes a large one. */
    private static void write(
            Exchange exchange,
            AnswerForm form,
            ParsedRequest asked,
            Answer answer,
            long deadlineNanos,
            Consumer<WrittenAnswer> then) {
        if (form.bytes(asked, answer) <= Representation.LARGE) {
            then.accept(WrittenAnswer.of(form, asked, answer));
            return;
        }
        exchange.settle(
                exchange.offLoop(() -> WrittenAnswer.of(form, asked, answer)), deadlineNanos, then, exchange::fail);
    }

    private boolean answerReady(Exchange exchange, InvalidFields faults, String name) {
        CacheLookup found = CacheLookup.of(versions, name);
        if (found == null) {
            return false;
        }
        exchange.deadlineNanos(detail -> faults.add(JsonPointer.ROOT, detail));
        faults.throwIfAny();
        answer(exchange, found.version(), found.answer());
        return true;
    }

    private static void answer(Exchange exchange, LiveVersion version, StoredResponse ready) {
        exchange.answer(ready.representation(), CacheStatus.ofHit(ready.freshness()));
        version.answered(System.nanoTime() - exchange.startNanos());
    }

    private static void keep(LiveVersion version, @Nullable String name, WrittenAnswer answer, long generation) {
        if (name != null) {
            version.memory().keep(name, answer, generation);
        }
    }
}
