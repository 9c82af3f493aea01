package io.hemline.importer;

import io.hemline.importer.layout.Format;
import io.hemline.importer.layout.LayoutOptions;
import io.hemline.importer.parse.DateHints;
import io.hemline.importer.parse.DecimalMark;
import io.hemline.importer.table.ReaderOptions;
import io.hemline.importer.weekly.Aggregation;
import io.hemline.importer.weekly.WeeklyOptions;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options of reading files; each overrides a guess.
 *
 * <p>Confined to one thread.
 */
public final class ImportArguments {

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description = "google-trends, google-trends-long, pinterest-trends, long (a value a row) or wide")
    private @Nullable Format format;

    @Option(
            names = "--market",
            paramLabel = "CODE",
            description = "market of series for which the file names none, such as us (else world)")
    private @Nullable String market;

    @Option(
            names = "--date-format",
            paramLabel = "PATTERN",
            description = "form of the dates, such as dd/MM/yyyy or %%d/%%m/%%Y")
    private @Nullable String dateFormat;

    @Option(
            names = "--week-starts",
            paramLabel = "DAY",
            converter = DayConverter.class,
            description = "day on which the weeks of the file begin, such as sunday")
    private @Nullable DayOfWeek weekStarts;

    @Option(
            names = "--value",
            paramLabel = "sum|mean",
            converter = AggregationConverter.class,
            description = "how the days of a week become its value: sum for counts, mean for an index")
    private @Nullable Aggregation value;

    @Option(
            names = "--decimal",
            paramLabel = "point|comma",
            converter = DecimalConverter.class,
            description = "decimal mark of the numbers")
    private @Nullable DecimalMark decimal;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = DelimiterConverter.class,
            description = "delimiter of text files: one character, tab, comma or semicolon")
    private @Nullable Character delimiter;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            converter = EncodingConverter.class,
            description = "encoding of text files, such as UTF-8 or windows-1252")
    private @Nullable Charset encoding;

    @Option(names = "--sheet", paramLabel = "NAME", description = "the only sheet of a workbook to read")
    private @Nullable String sheet;

    public ImportArguments() {}

    ReaderOptions reader() {
        return new ReaderOptions(delimiter, encoding, sheet);
    }

    LayoutOptions layout() {
        return new LayoutOptions(format, new DateHints(dateFormat, market()), decimal);
    }

    WeeklyOptions weekly(LocalDate today) {
        return new WeeklyOptions(weekStarts, value, today);
    }

    /** The market of {@code --market}, in lower case. */
    @Nullable String market() {
        return market == null ? null : market.strip().toLowerCase(Locale.ROOT);
    }

    static final class FormatConverter implements ITypeConverter<Format> {

        FormatConverter() {}

        @Override
        public Format convert(String word) {
            return Arrays.stream(Format.values())
                    .filter(format -> format.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("one of "
                            + Arrays.stream(Format.values()).map(Format::word).collect(Collectors.joining(", "))
                            + ", not '" + word + "'"));
        }
    }

    static final class DayConverter implements ITypeConverter<DayOfWeek> {

        DayConverter() {}

        @Override
        public DayOfWeek convert(String word) {
            return oneOf(DayOfWeek.class, word);
        }
    }

    static final class AggregationConverter implements ITypeConverter<Aggregation> {

        AggregationConverter() {}

        @Override
        public Aggregation convert(String word) {
            return oneOf(Aggregation.class, word);
        }
    }

    static final class DecimalConverter implements ITypeConverter<DecimalMark> {

        DecimalConverter() {}

        @Override
        public DecimalMark convert(String word) {
            return oneOf(DecimalMark.class, word);
        }
    }

    static final class DelimiterConverter implements ITypeConverter<Character> {

        DelimiterConverter() {}

        @Override
        public Character convert(String word) {
            return switch (word) {
                case "tab", "\\t" -> '\t';
                case "comma" -> ',';
                case "semicolon" -> ';';
                default -> {
                    if (word.length() != 1) {
                        throw new TypeConversionException("one character, tab, comma or semicolon, not '" + word + "'");
                    }
                    yield word.charAt(0);
                }
            };
        }
    }

    static final class EncodingConverter implements ITypeConverter<Charset> {

        EncodingConverter() {}

        @Override
        public Charset convert(String name) {
            try {
                return Charset.forName(name);
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                throw new TypeConversionException("an encoding such as UTF-8 or windows-1252, not '" + name + "'");
            }
        }
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(value -> value.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + ", not '" + word + "'"));
    }
}
