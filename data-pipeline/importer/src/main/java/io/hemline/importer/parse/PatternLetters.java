package io.hemline.importer.parse;

/** Patterns of dates, as people write them, in the letters of {@code DateTimeFormatter}. */
final class PatternLetters {

    private PatternLetters() {}

    /**
     * Gives letters the meaning that they have in spreadsheets where theirs in Java makes no date: {@code DD/MM/YYYY},
     * {@code yyyy-mm-dd}.
     */
    static String ofJava(String pattern) {
        String fields = pattern.replaceAll("'[^']*'", "");
        boolean minutesAreMonths = !fields.matches(".*[MLHhKk].*");
        boolean dayOfYear = !fields.matches(".*[ML].*") && !(minutesAreMonths && fields.contains("m"));
        boolean weeks = fields.contains("w");
        StringBuilder letters = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char letter = pattern.charAt(i);
            quoted ^= letter == '\'';
            if (quoted) {
                letters.append(letter);
            } else {
                letters.append(
                        switch (letter) {
                            case 'y' -> weeks ? 'Y' : 'u';
                            case 'Y' -> weeks ? 'Y' : 'u';
                            case 'D' -> dayOfYear ? 'D' : 'd';
                            case 'm' -> minutesAreMonths ? 'M' : 'm';
                            default -> letter;
                        });
            }
        }
        return letters.toString();
    }

    /** The letters of a {@code strftime} pattern. */
    static String ofStrftime(String pattern) {
        StringBuilder letters = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char character = pattern.charAt(i);
            if (character != '%') {
                literal.append(character == '\'' ? "''" : String.valueOf(character));
                continue;
            }
            boolean unpadded = i + 1 < pattern.length() && pattern.charAt(i + 1) == '-';
            i += unpadded ? 2 : 1;
            if (i >= pattern.length()) {
                throw new IllegalArgumentException("ends with %");
            }
            // Between two fields without a mark, only a fixed width tells where one ends.
            boolean adjacent = (i >= 3 && pattern.charAt(i - 3) == '%')
                    || (i + 1 < pattern.length() && pattern.charAt(i + 1) == '%');
            flush(literal, letters);
            letters.append(field(pattern.charAt(i), adjacent && !unpadded));
        }
        flush(literal, letters);
        return letters.toString();
    }

    /** Adds the literal text that has gathered, in quotes. */
    private static void flush(StringBuilder literal, StringBuilder letters) {
        if (literal.length() > 0) {
            letters.append('\'').append(literal).append('\'');
            literal.setLength(0);
        }
    }

    private static String field(char directive, boolean fixed) {
        return switch (directive) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> fixed ? "MM" : "M";
            case 'd', 'e' -> fixed ? "dd" : "d";
            case 'b', 'h' -> "MMM";
            case 'B' -> "MMMM";
            case 'j' -> "DDD";
            case 'H' -> fixed ? "HH" : "H";
            case 'I' -> fixed ? "hh" : "h";
            case 'M' -> fixed ? "mm" : "m";
            case 'S' -> fixed ? "ss" : "s";
            case 'p' -> "a";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'G' -> "YYYY";
            case 'V' -> "ww";
            case 'u' -> "e";
            case 'F' -> "uuuu-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'z' -> "[XXX][XX]";
            case '%' -> "'%'";
            default -> throw new IllegalArgumentException("unknown directive %" + directive);
        };
    }
}
