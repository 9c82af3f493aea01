package io.hemline.importer.table;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a file is, by its first bytes. */
enum FileKind {
    TEXT,
    ZIP,
    PARQUET,
    EMPTY,
    OLD_EXCEL,
    PDF,
    HTML,
    JSON;

    private static final byte[] COMPOUND_FILE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    static FileKind of(byte[] head) {
        if (head.length == 0) {
            return EMPTY;
        }
        if (startsWith(head, "PK\u0003\u0004".getBytes(StandardCharsets.ISO_8859_1))) {
            return ZIP;
        }
        if (startsWith(head, "PAR1".getBytes(StandardCharsets.ISO_8859_1))) {
            return PARQUET;
        }
        if (startsWith(head, COMPOUND_FILE)) {
            return OLD_EXCEL;
        }
        String text = new String(head, StandardCharsets.ISO_8859_1)
                .replace("\u00EF\u00BB\u00BF", "")
                .stripLeading()
                .toLowerCase(Locale.ROOT);
        if (text.startsWith("%pdf-")) {
            return PDF;
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")) {
            return HTML;
        }
        return text.startsWith("{") || text.startsWith("[{") ? JSON : TEXT;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
