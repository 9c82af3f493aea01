package io.hemline.importer.table;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * What a person said about files; each member overrides a guess.
 *
 * @param delimiter of text files
 * @param encoding of text files
 * @param sheet the only sheet of a workbook to read
 */
public record ReaderOptions(
        @Nullable Character delimiter,
        @Nullable Charset encoding,
        @Nullable String sheet) {

    /** Everything is guessed. */
    public static ReaderOptions defaults() {
        return new ReaderOptions(null, null, null);
    }
}
