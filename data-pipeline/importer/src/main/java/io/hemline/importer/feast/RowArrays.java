package io.hemline.importer.feast;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the online store column by column, as the arguments of one insert.
 *
 * <p>Confined to one thread.
 */
final class RowArrays {

    private final Buffer[] keys;
    private final String[] features;
    private final Buffer[] values;
    private final @Nullable String[] texts;
    private final OffsetDateTime[] times;
    private int size;

    /** Room for exactly so many rows. */
    RowArrays(int rows) {
        this.keys = new Buffer[rows];
        this.features = new String[rows];
        this.values = new Buffer[rows];
        this.texts = new @Nullable String[rows];
        this.times = new OffsetDateTime[rows];
    }

    void add(Buffer key, FeastRow row, OffsetDateTime time) {
        keys[size] = key;
        features[size] = row.feature();
        values[size] = row.value();
        texts[size] = row.text();
        times[size] = time;
        size++;
    }

    int size() {
        return size;
    }

    /** Keys, features, values, texts, times. */
    Tuple arguments() {
        return Tuple.tuple()
                .addArrayOfBuffer(keys)
                .addArrayOfString(features)
                .addArrayOfBuffer(values)
                .addArrayOfString(texts)
                .addArrayOfOffsetDateTime(times);
    }
}
