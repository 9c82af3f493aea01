package io.hemline.importer.feast;

import static java.util.Objects.requireNonNull;

import io.hemline.importer.feast.FeaturesUpdatedPublisher.PublishException;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.features.PostgresConfig;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The online store of Feast that servers read, and the brokers over which they learn of new features.
 *
 * <p>Confined to one thread.
 */
public final class FeastStore implements AutoCloseable {

    /*
     * A write is one transaction: an interrupted import leaves the store as it was. Trends are written in the order of
     * their keys, so that two imports at once wait for each other instead of blocking each other for ever.
     *
     * A trend is written as a whole or not at all: if any stored row is newer, all stay. The statement itself compares the
     * times once more, since another writer may have come between.
     *
     * The brokers are asked before anything is written, and told after the commit.
     */
    private static final int BATCH_TRENDS = 500;

    private static final int MAX_MARKET_LENGTH = 100;

    private final Vertx vertx;
    private final TrendTable table;
    private final @Nullable FeaturesUpdatedPublisher publisher;
    private final Ledger ledger;

    private FeastStore(Vertx vertx, TrendTable table, @Nullable FeaturesUpdatedPublisher publisher, Ledger ledger) {
        this.vertx = vertx;
        this.table = table;
        this.publisher = publisher;
        this.ledger = ledger;
    }

    /**
     * Connects to the store, and to the brokers if there are any. An {@link ImportException}
     * says which of them does not answer.
     *
     * @param postgres the settings {@code features.postgres} of the server
     * @param kafka the settings {@code events.kafka} of the server
     * @param ledger is told what was not written, and why
     */
    public static FeastStore open(PostgresConfig postgres, KafkaConfig kafka, Ledger ledger) {
        requireNonNull(ledger, "ledger");
        FeaturesUpdatedPublisher publisher = kafka.enabled() ? FeaturesUpdatedPublisher.connect(kafka) : null;
        // Without the cache of files, which would stay in the temporary folder of a killed import.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            return new FeastStore(vertx, TrendTable.connect(vertx, postgres), publisher, ledger);
        } catch (RuntimeException e) {
            close(vertx, publisher);
            throw e;
        }
    }

    /** What the store holds of the series, in the order of their keys. Unusable features are told and left out. */
    public List<TrendRecord> read(Collection<SeriesKey> keys) {
        List<TrendRecord> found = new ArrayList<>();
        if (!table.exists()) {
            return found;
        }
        for (List<SeriesKey> batch : batches(new TreeSet<>(keys))) {
            Map<SeriesKey, StoredTrend> stored = new TreeMap<>(table.read(batch));
            stored.forEach((key, trend) -> {
                try {
                    found.add(trend.record(key));
                } catch (IllegalArgumentException e) {
                    tell(Rule.UNUSABLE_IN_STORE, key + ", " + e.getMessage());
                }
            });
        }
        return found;
    }

    /**
     * Writes the trends in one transaction, then tells the servers; makes the table if it is missing. Trends of which the
     * store holds newer features are left as they are and told.
     *
     * @param trends each key once
     * @return the number of trends that were written
     */
    public int write(Collection<TrendRecord> trends) {
        Map<SeriesKey, TrendRecord> byKey = new TreeMap<>();
        for (TrendRecord trend : trends) {
            if (trend.market().codePointCount(0, trend.market().length()) > MAX_MARKET_LENGTH) {
                throw new ImportException("the market of \"" + trend.trend() + "\" has over " + MAX_MARKET_LENGTH
                        + " characters, which the online store does not take; name it by its country's code");
            }
            if (byKey.put(SeriesKey.of(trend), trend) != null) {
                throw new IllegalArgumentException("trends: " + SeriesKey.of(trend) + " stands twice");
            }
        }
        boolean missing = !table.exists();
        Set<SeriesKey> newer = new TreeSet<>();
        table.inTransaction(() -> {
            if (missing) {
                table.create();
            }
            batches(byKey.values()).forEach(batch -> newer.addAll(write(batch)));
        });
        if (missing) {
            tell(Rule.STORE_TABLE_MADE, TrendTable.NAME);
        }
        newer.forEach(key -> tell(Rule.NEWER_IN_STORE, key.toString()));
        byKey.keySet().removeAll(newer);
        publish(byKey.values());
        return byKey.size();
    }

    /** Writes a batch; returns the trends that were kept because they are newer. */
    private Set<SeriesKey> write(List<TrendRecord> batch) {
        Set<SeriesKey> newer = table.newer(batch);
        List<TrendRecord> due = batch.stream()
                .filter(trend -> !newer.contains(SeriesKey.of(trend)))
                .toList();
        boolean all = due.isEmpty() || table.write(due);
        return all ? newer : table.newer(batch);
    }

    private void publish(Collection<TrendRecord> written) {
        if (written.isEmpty()) {
            return;
        }
        if (publisher == null) {
            tell(Rule.SERVERS_NOT_TOLD, "events.kafka.bootstrap-servers is empty");
            return;
        }
        try {
            publisher.publish(FeaturesUpdatedEvent.of(written));
        } catch (PublishException e) {
            tell(Rule.SERVERS_NOT_TOLD, "Kafka at " + publisher + ": " + e.getMessage());
        }
    }

    private void tell(Rule rule, String detail) {
        ledger.apply(rule, new Place("the online store at " + table, 0, 0), detail);
    }

    private static <T> List<List<T>> batches(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < list.size(); from += BATCH_TRENDS) {
            batches.add(list.subList(from, Math.min(from + BATCH_TRENDS, list.size())));
        }
        return batches;
    }

    @Override
    public void close() {
        table.close();
        close(vertx, publisher);
    }

    private static void close(Vertx vertx, @Nullable FeaturesUpdatedPublisher publisher) {
        if (publisher != null) {
            publisher.close();
        }
        vertx.close();
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
