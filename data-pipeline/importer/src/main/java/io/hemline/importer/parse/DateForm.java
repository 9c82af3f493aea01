package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Parsed;
import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a column writes dates.
 *
 * <p>Confined to one thread.
 */
public final class DateForm {

    private static final Parsed NOT_A_DATE = new Parsed(null, Problem.NOT_A_DATE, false);
    private static final int MAX_REMEMBERED = 16_384;

    private final TextReader reader;
    private final String description;
    private final Midnight midnight;
    private final boolean guessed;
    private final Map<String, Parsed> remembered = new HashMap<>();
    private String lastText = "";
    private Parsed last = NOT_A_DATE;

    /** Reads the text of a cell; null if it is not a date of the form. */
    interface TextReader {
        @Nullable Reading read(String text);
    }

    DateForm(TextReader reader, String description, Midnight midnight, boolean guessed) {
        this.reader = reader;
        this.description = description;
        this.midnight = midnight;
        this.guessed = guessed;
    }

    static DateForm of(DateStyle style, Midnight midnight, boolean guessed) {
        return new DateForm(text -> read(style, text), style.description(), midnight, guessed);
    }

    /** Understands a typed date or time by itself. */
    public static Parsed of(LocalDateTime typed) {
        Reading day = Reading.ofOrNull(typed.toLocalDate(), Unit.DAY);
        if (day == null) {
            return NOT_A_DATE;
        }
        int second = typed.toLocalTime().toSecondOfDay();
        return Midnight.OF_ONE_DATE.understand(new Reading(day.date(), Unit.DAY, Problem.NONE, second, false));
    }

    /** Reads the text of a cell. */
    public Parsed parse(String text) {
        if (!text.equals(lastText)) {
            last = parseNew(text);
            lastText = text;
        }
        return last;
    }

    /** Names the order of day, month and year, or the kind of date: {@code day/month/year}. */
    public String describe() {
        return description;
    }

    /** Whether the column can be read with day and month exchanged and nothing in it decides. */
    public boolean guessed() {
        return guessed;
    }

    private Parsed parseNew(String text) {
        if (text.length() > DateText.MAX_LENGTH) {
            return NOT_A_DATE;
        }
        Parsed known = remembered.get(text);
        if (known != null) {
            return known;
        }
        Reading reading = reader.read(text);
        Parsed parsed = reading == null ? NOT_A_DATE : midnight.understand(reading);
        if (remembered.size() == MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(text, parsed);
        return parsed;
    }

    private static @Nullable Reading read(DateStyle style, String text) {
        if (style == DateStyle.YEAR_MONTH_DAY) {
            Reading iso = IsoDate.read(text);
            if (iso != null) {
                return iso;
            }
        }
        DateText split = DateText.of(text);
        return split == null ? null : style.read(split);
    }
}
