package io.hemline.importer;

import io.hemline.importer.feast.FeastStore;
import io.hemline.importer.feast.SeriesKey;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.ServerConfig;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Feast's online store in the server's settings.
 *
 * <p>Confined to one thread.
 */
final class OnlineStore implements Destination {

    private final FeastStore store;
    private final String where;
    private final boolean replace;

    OnlineStore(ServerConfig config, boolean replace, Ledger ledger) {
        this.store =
                FeastStore.open(config.features().postgres(), config.events().kafka(), ledger);
        this.where = config.features().postgres().where();
        this.replace = replace;
    }

    @Override
    public List<TrendRecord> earlier(Set<TrendName> names) {
        return replace
                ? List.of()
                : store.read(names.stream()
                        .map(name -> new SeriesKey(name.market(), name.trend()))
                        .toList());
    }

    @Override
    public List<String> write(Collection<TrendRecord> trends) {
        int written = store.write(trends);
        return List.of(String.format(
                Locale.ROOT,
                "wrote %,d %s to the online store at %s",
                written,
                written == 1 ? "trend" : "trends",
                where));
    }

    @Override
    public void close() {
        store.close();
    }
}
