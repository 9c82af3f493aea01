package io.hemline.importer.layout;

/** Arrangement of series in a table. */
public enum Format {
    GOOGLE_TRENDS("google-trends"),
    GOOGLE_TRENDS_LONG("google-trends-long"),
    PINTEREST_TRENDS("pinterest-trends"),
    /** A value a row. */
    LONG("long"),
    /** A series a column and a date a row, or a series a row and a date a column. */
    WIDE("wide");

    private final String word;

    Format(String word) {
        this.word = word;
    }

    /** The word of the option {@code --format}. */
    public String word() {
        return word;
    }

    /** Whether the vendor scales each download to 0..100. */
    boolean isRenormalised() {
        return this == GOOGLE_TRENDS || this == GOOGLE_TRENDS_LONG || this == PINTEREST_TRENDS;
    }
}
