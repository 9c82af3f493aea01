package io.hemline.serving.features;

import io.hemline.serving.core.Question.TrendQuestion;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Trends of a snapshot file, held in memory. The file is gzipped JSON Lines, one trend record per line.
 *
 * <p>Immutable.
 */
public final class SnapshotSource implements FeatureSource {

    private static final int BUFFER_BYTES = 1 << 16;

    private final String name;
    private final Map<TrendQuestion, KnownTrend> byMarket;
    private final Map<String, KnownTrend> byHashtag;
    private final List<TrendQuestion> all;
    private final Set<String> markets;
    private final String asOf;
    private final Map<String, Long> encoders;

    SnapshotSource(String name, Collection<KnownTrend> trends) {
        this.name = name;
        this.byMarket = new HashMap<>();
        this.byHashtag = new HashMap<>();
        for (KnownTrend trend : trends) {
            byMarket.put(new TrendQuestion(trend.hashtag(), trend.market()), trend);
            byHashtag.merge(trend.hashtag(), trend, (a, b) -> KnownTrend.BY_RECENT_VOLUME.compare(a, b) >= 0 ? a : b);
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

    /** Reads a {@code features.jsonl.gz}; an {@link InvalidSnapshot} names the invalid line and field. */
    public static SnapshotSource read(Path file) {
        Map<TrendQuestion, KnownTrend> trends = new LinkedHashMap<>();
        int number = 0;
        try (BufferedReader lines = open(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                KnownTrend trend = TrendRecordReader.parse(line);
                if (trends.put(new TrendQuestion(trend.hashtag(), trend.market()), trend) != null) {
                    throw new IllegalArgumentException(
                            "trend: \"" + trend.hashtag() + "\" stands twice in market \"" + trend.market() + "\"");
                }
            }
        } catch (NoSuchFileException e) {
            throw new InvalidSnapshot(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InvalidSnapshot(file + ", after line " + number + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new InvalidSnapshot(file + ", line " + number + ", " + e.getMessage(), e);
        }
        return new SnapshotSource(file.toString(), trends.values());
    }

    private static BufferedReader open(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file), BUFFER_BYTES),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    @Override
    public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
        return Future.succeededFuture(questions.stream()
                .map(question -> Optional.ofNullable(
                        question.market() == null ? byHashtag.get(question.hashtag()) : byMarket.get(question)))
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

    /** A snapshot file that cannot be used. The message names file, line and field. */
    public static final class InvalidSnapshot extends RuntimeException {

        private static final long serialVersionUID = 1;

        InvalidSnapshot(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
