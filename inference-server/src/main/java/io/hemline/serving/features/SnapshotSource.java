package io.hemline.serving.features;

import io.hemline.serving.core.TrendQuestion;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Trends from a snapshot file, all in memory.
 *
 * <p>Immutable.
 */
public final class SnapshotSource implements FeatureSource {

    private final String name;
    private final Map<TrendQuestion, KnownTrend> byMarket;
    private final Map<String, KnownTrend> greatest;
    private final List<TrendQuestion> all;
    private final Set<String> markets;
    private final String asOf;
    private final Map<String, Long> encoders;

    SnapshotSource(String name, Collection<KnownTrend> trends) {
        this.name = name;
        this.byMarket = new HashMap<>();
        this.greatest = new HashMap<>();
        for (KnownTrend trend : trends) {
            byMarket.put(new TrendQuestion(trend.hashtag(), trend.market()), trend);
            greatest.merge(trend.hashtag(), trend, (a, b) -> KnownTrend.BY_RECENT_VOLUME.compare(a, b) >= 0 ? a : b);
        }
        this.all = trends.stream()
                .map(trend -> new TrendQuestion(trend.hashtag(), trend.market()))
                .toList();
        this.markets = trends.stream().map(KnownTrend::market).collect(Collectors.toUnmodifiableSet());
        this.asOf = trends.stream()
                .map(KnownTrend::asOf)
                .max(Comparator.naturalOrder())
                .orElse("");
        this.encoders = trends.stream()
                .filter(trend -> trend.embedding() != null && trend.encoderDigest() != null)
                .collect(Collectors.groupingBy(KnownTrend::encoderDigest, Collectors.counting()));
    }

    /** Reads a {@code features.jsonl.gz}; an {@link InvalidSnapshot} names line and field that are wrong. */
    public static SnapshotSource read(Path file) {
        return new SnapshotSource(file.toString(), SnapshotReader.read(file));
    }

    @Override
    public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
        return Future.succeededFuture(questions.stream()
                .map(question -> Optional.ofNullable(
                        question.market() == null ? greatest.get(question.hashtag()) : byMarket.get(question)))
                .toList());
    }

    @Override
    public Future<List<TrendQuestion>> all() {
        return Future.succeededFuture(all);
    }

    @Override
    public Future<Map<String, Long>> encoders() {
        return Future.succeededFuture(encoders);
    }

    @Override
    public Set<String> markets() {
        return markets;
    }

    @Override
    public String asOf() {
        return asOf;
    }

    @Override
    public String toString() {
        return "snapshot of " + all.size() + " trends in " + markets.size() + " markets, " + name;
    }
}
