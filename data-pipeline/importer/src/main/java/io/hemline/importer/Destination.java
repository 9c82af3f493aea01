package io.hemline.importer;

import io.hemline.importer.snapshot.TrendRecord;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The place that an import is merged into. */
interface Destination extends AutoCloseable {

    /** The trends that it holds, at least those with these names. */
    List<TrendRecord> earlier(Set<TrendName> names);

    /** Writes all or nothing; returns lines for the report that say what was written and what to do next. */
    List<String> write(Collection<TrendRecord> trends);

    @Override
    void close();

    /** Name of a trend. */
    record TrendName(String market, String trend) {}
}
