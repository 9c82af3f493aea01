package io.hemline.importer.parse;

/** The mark before the fraction of a number. */
public enum DecimalMark {
    POINT('.', ','),
    COMMA(',', '.');

    private final char mark;
    private final char group;

    DecimalMark(char mark, char group) {
        this.mark = mark;
        this.group = group;
    }

    char mark() {
        return mark;
    }

    /** The mark between thousands that goes with it; blanks and apostrophes go with both. */
    char group() {
        return group;
    }
}
