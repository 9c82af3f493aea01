package io.hemline.importer;

import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compares attributes with the vocabulary of the model that the server would serve. */
final class VocabularyCheck {

    private VocabularyCheck() {}

    /** Reports each unknown word once, with the number of its trends; reports why if there is no vocabulary. */
    static void check(Collection<TrendRecord> records, StoreConfig store, Ledger ledger) {
        Optional<Manifest.Vocabularies> found = vocabularies(store, ledger);
        if (found.isEmpty()) {
            return;
        }
        Manifest.Vocabularies known = found.get();
        check("market", records, TrendRecord::market, known.market(), ledger);
        check("gender", records, TrendRecord::gender, known.gender(), ledger);
        check("category", records, TrendRecord::category, known.category(), ledger);
    }

    private static void check(
            String member,
            Collection<TrendRecord> records,
            Function<TrendRecord, @Nullable String> value,
            List<String> known,
            Ledger ledger) {
        TreeMap<String, Integer> unknown = new TreeMap<>();
        for (TrendRecord trend : records) {
            String word = value.apply(trend);
            if (word != null && !known.contains(word)) {
                unknown.merge(word, 1, Integer::sum);
            }
        }
        unknown.forEach((word, trends) -> ledger.apply(
                Rule.UNKNOWN_WORD,
                new Place("result", 0, 0),
                member + " \"" + word + "\" of " + trends + (trends == 1 ? " trend" : " trends") + "; known: "
                        + String.join(" ", known)));
    }

    private static Optional<Manifest.Vocabularies> vocabularies(StoreConfig config, Ledger ledger) {
        try {
            ModelStore store = config.open();
            OptionalInt version = store.desired(config.model(), config.channel());
            if (version.isPresent()) {
                return Optional.of(store.verify(config.model(), version.getAsInt())
                        .manifest()
                        .vocabularies());
            }
            ledger.guess(
                    "result", "vocabulary", "not compared: the store names no " + config.channel() + " version", "");
        } catch (StoreException e) {
            ledger.guess("result", "vocabulary", "not compared: " + e.getMessage(), "");
        }
        return Optional.empty();
    }
}
