package io.hemline.importer.parse;

/** The character between the whole and the fraction of a number. The other one may group the thousands. */
public enum DecimalMark {
    POINT('.', "decimal point, thousands comma"),
    COMMA(',', "decimal comma, thousands point");

    private final char character;
    private final String description;

    DecimalMark(char character, String description) {
        this.character = character;
        this.description = description;
    }

    char character() {
        return character;
    }

    char thousands() {
        return this == POINT ? ',' : '.';
    }

    String description() {
        return description;
    }
}
