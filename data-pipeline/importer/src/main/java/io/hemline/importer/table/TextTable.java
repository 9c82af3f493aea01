package io.hemline.importer.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.hemline.importer.report.ImportException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A delimited text file.
 *
 * <p>Immutable.
 */
final class TextTable implements Table {

    static final int MAX_COLUMNS = 50_000;
    static final int MAX_CELL = 1_000_000;

    private static final int BUFFER = 1 << 22;

    private final SourceFile source;
    private final TextForm form;

    private TextTable(SourceFile source, TextForm form) {
        this.source = source;
        this.form = form;
    }

    static TextTable open(SourceFile source, ReaderOptions options) {
        try {
            byte[] head = source.head();
            return new TextTable(source, TextForm.of(head, head.length < SourceFile.HEAD_BYTES, options));
        } catch (IOException e) {
            throw source.unreadable(e);
        }
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String kind() {
        return "CSV";
    }

    @Override
    public List<Guess> guesses() {
        List<Guess> guesses = new ArrayList<>();
        guesses.add(new Guess("delimiter", form.delimiterWord(), "--delimiter"));
        if (form.guessedEncoding()) {
            guesses.add(new Guess("encoding", form.encoding().name(), "--encoding"));
        }
        return guesses;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void read(Predicate<Row> consumer) {
        try (Reader text = text();
                CsvReader<CsvRecord> records = reader(text)) {
            for (CsvRecord record : records) {
                Row row = new Row((int) record.getStartingLineNumber() + (form.separatorLine() ? 1 : 0), cells(record));
                if (!row.isBlank() && !consumer.test(row)) {
                    return;
                }
            }
        } catch (CsvParseException e) {
            throw new ImportException(name() + ": " + reason(e), e);
        } catch (MalformedInputException e) {
            throw wrongEncoding(e);
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof MalformedInputException ? wrongEncoding(e) : source.unreadable(e);
        } catch (IOException e) {
            throw source.unreadable(e);
        }
    }

    private ImportException wrongEncoding(Exception e) {
        return new ImportException(
                name() + ": the text is not " + form.encoding()
                        + "; name its encoding, such as --encoding windows-1252",
                e);
    }

    private Reader text() throws IOException {
        InputStream in = source.open();
        in.skipNBytes(form.skipped());
        BufferedReader text = new BufferedReader(
                new InputStreamReader(in, form.encoding().newDecoder().onMalformedInput(CodingErrorAction.REPORT)),
                1 << 16);
        if (form.separatorLine()) {
            text.readLine();
        }
        return text;
    }

    private CsvReader<CsvRecord> reader(Reader text) {
        return CsvReader.builder()
                .fieldSeparator(form.delimiter())
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(true)
                .maxBufferSize(BUFFER)
                .build(
                        CsvRecordHandler.builder()
                                .maxFields(MAX_COLUMNS)
                                .maxFieldSize(MAX_CELL)
                                .build(),
                        text);
    }

    private static List<Cell> cells(CsvRecord record) {
        List<Cell> cells = new ArrayList<>(record.getFieldCount());
        for (int i = 0; i < record.getFieldCount(); i++) {
            String text = record.getField(i);
            cells.add(text.isBlank() ? Cell.EMPTY : new Cell.Text(text));
        }
        return cells;
    }

    private static String reason(CsvParseException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String text = String.valueOf(e.getMessage()) + " " + cause.getMessage();
        if (text.contains("fields")) {
            return "a line has over " + MAX_COLUMNS + " columns";
        }
        if (text.contains("buffer") || text.contains("size") || text.contains("exceed")) {
            return "a cell has over " + MAX_CELL + " characters; is a quote missing? (" + e.getMessage() + ")";
        }
        return String.valueOf(e.getMessage());
    }
}
