package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import io.hemline.serving.core.TrendBoard;
import io.hemline.serving.core.TrendBoard.ScoredTrend;
import io.hemline.serving.core.TrendBoard.Scores;
import io.hemline.serving.forecasts.TrendOrder.TrendCursor;
import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonOutput;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.QueryParameters;
import io.hemline.serving.http.Representation;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.SafeText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lists rising and falling trends, page by page.
 *
 * <p>Thread-safe: {@code sorted} is volatile, and the lists of each scores are in a concurrent map.
 */
public final class Trends {

    public static final int MAX_LIMIT = 500;
    public static final int DEFAULT_LIMIT = 50;

    private static final long TREND_BYTES = 200;
    private static final Set<String> PARAMETERS = Set.of("market", "sort", "limit", "cursor");

    private final TrendBoard board;
    private volatile @Nullable SortedScores sorted;

    public Trends(TrendBoard board) {
        this.board = requireNonNull(board, "board");
    }

    public Resource resource() {
        return Resource.get("/v1/trends", this::list);
    }

    private void list(Exchange exchange) {
        InvalidFields faults = new InvalidFields();
        QueryParameters query = QueryParameters.read(exchange.request().query(), PARAMETERS, faults);
        TrendOrder order = order(query.get("sort"), faults);
        int limit = limit(query.get("limit"), faults);
        ScoredTrend after = cursor(query.get("cursor"), order, faults);
        String asked = query.get("market");
        String market = asked == null ? null : ShortText.read(asked, "#/market", faults);
        long deadlineNanos = exchange.deadlineNanos(detail -> faults.add(JsonPointer.ROOT, detail));
        faults.throwIfAny();
        exchange.settle(
                board.scores(),
                deadlineNanos,
                scores -> answer(exchange, scores, market, order, limit, after),
                exchange::fail);
    }

    private void answer(
            Exchange exchange,
            Scores scores,
            @Nullable String market,
            TrendOrder order,
            int limit,
            @Nullable ScoredTrend after) {
        List<ScoredTrend> matching = sorted(scores, order);
        if (market != null) {
            requireMarket(scores, market);
            matching = matching.stream()
                    .filter(trend -> trend.market().equals(market))
                    .toList();
        }
        int first = 0;
        while (after != null
                && first < matching.size()
                && order.comparator().compare(matching.get(first), after) <= 0) {
            first++;
        }
        List<ScoredTrend> page = matching.subList(first, Math.min(matching.size(), first + limit));
        boolean more = first + page.size() < matching.size();
        String next = more ? TrendCursor.after(page.get(page.size() - 1), order) : null;
        Callable<Representation> writing = () -> Representation.tagged(
                Representation.JSON,
                JsonOutput.write(json -> write(json, page, next)),
                ForecastHeaders.of(scores.model()));
        exchange.answerWritten(writing, TREND_BYTES * page.size());
    }

    private List<ScoredTrend> sorted(Scores scores, TrendOrder order) {
        SortedScores kept = sorted;
        if (kept == null || !scores.equals(kept.scores)) {
            kept = new SortedScores(scores, new ConcurrentHashMap<>());
            sorted = kept;
        }
        return kept.inOrder(order);
    }

    private static void requireMarket(Scores scores, String market) {
        TreeSet<String> known = new TreeSet<>();
        for (ScoredTrend trend : scores.trends()) {
            known.add(trend.market());
        }
        if (!known.isEmpty() && !known.contains(market)) {
            InvalidFields faults = new InvalidFields();
            faults.add("#/market", "one of " + String.join(", ", known) + ", not " + SafeText.quoted(market));
            faults.throwIfAny();
        }
    }

    private static TrendOrder order(@Nullable String word, InvalidFields faults) {
        TrendOrder order = word == null ? TrendOrder.RISING : TrendOrder.of(word);
        if (order != null) {
            return order;
        }
        faults.add("#/sort", "rising or falling, not " + SafeText.quoted(requireNonNull(word)));
        return TrendOrder.RISING;
    }

    private static int limit(@Nullable String digits, InvalidFields faults) {
        if (digits == null) {
            return DEFAULT_LIMIT;
        }
        if (digits.matches("[0-9]{1,3}")) {
            int limit = Integer.parseInt(digits);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        }
        faults.add("#/limit", "a whole number, 1 to " + MAX_LIMIT + ", not " + SafeText.quoted(digits));
        return DEFAULT_LIMIT;
    }

    private static @Nullable ScoredTrend cursor(@Nullable String word, TrendOrder order, InvalidFields faults) {
        if (word == null) {
            return null;
        }
        ScoredTrend after = TrendCursor.read(word, order);
        if (after == null) {
            faults.add("#/cursor", "the next of an answer with the same sort, not " + SafeText.quoted(word));
        }
        return after;
    }

    private static void write(JsonGenerator json, List<ScoredTrend> page, @Nullable String next) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("trends");
        for (ScoredTrend trend : page) {
            json.writeStartObject();
            json.writeStringField("hashtag", trend.hashtag());
            json.writeStringField("market", trend.market());
            json.writeFieldName("trend_score");
            Float score = trend.trendScore();
            JsonOutput.writeFloat(json, score == null ? Double.NaN : score);
            json.writeStringField("trend_class", trend.trendClass().word());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("next", next);
        json.writeEndObject();
    }

    /** Scores, and their lists in the orders that were requested. */
    private record SortedScores(Scores scores, Map<TrendOrder, List<ScoredTrend>> lists) {

        List<ScoredTrend> inOrder(TrendOrder order) {
            return lists.computeIfAbsent(
                    order,
                    first -> scores.trends().stream().sorted(first.comparator()).toList());
        }
    }
}
