package io.hemline.importer.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {

    private static final String TABLE = "name,ds,y\nÄrmel,2026-01-05,1\n\"a,b\",2026-01-12,2\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"})
    void readsEveryEncodingWithoutAMark(String encoding) throws IOException {
        Path file = written(TABLE.getBytes(Charset.forName(encoding)));

        assertThat(rows(file)).containsExactly("1: name|ds|y", "2: Ärmel|2026-01-05|1", "3: a,b|2026-01-12|2");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,EFBBBF", "UTF-16LE,FFFE", "UTF-16BE,FEFF"})
    void skipsAByteOrderMark(String encoding, String mark) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(java.util.HexFormat.of().parseHex(mark));
        bytes.write(TABLE.getBytes(Charset.forName(encoding)));

        assertThat(rows(written(bytes.toByteArray()))).first().isEqualTo("1: name|ds|y");
    }

    @Test
    void tellsAnEncodingThatItGuessed() throws IOException {
        Table table = table(written(TABLE.getBytes(Charset.forName("windows-1252"))));

        assertThat(table.guesses()).contains(new Table.Guess("encoding", "windows-1252", "--encoding"));
    }

    @ParameterizedTest
    @CsvSource({"';',semicolon", "'\t',tab", "|,|"})
    void findsTheDelimiterBesideDecimalCommas(String delimiter, String word) throws IOException {
        String text = "name;ds;y\na;2026-01-05;1,5\nb;2026-01-12;2,5\n".replace(";", delimiter);

        Table table = table(written(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(table.guesses()).contains(new Table.Guess("delimiter", word, "--delimiter"));
        assertThat(rows(table)).contains("2: a|2026-01-05|1,5");
    }

    @Test
    void honoursTheSeparatorLineOfExcel() throws IOException {
        Path file = written("sep=;\r\nname;y\r\na;1\r\n".getBytes(StandardCharsets.UTF_8));

        assertThat(rows(file)).containsExactly("2: name|y", "3: a|1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void keepsPreambleRowsAndSkipsBlankLines(String end) throws IOException {
        String text = String.join(end, "Category: All categories", "", "Week,a: (United States)", "2026-01-04,5", "");

        assertThat(rows(written(text.getBytes(StandardCharsets.UTF_8))))
                .extracting(row -> row.substring(row.indexOf(' ') + 1))
                .containsExactly("Category: All categories", "Week|a: (United States)", "2026-01-04|5");
    }

    @Test
    void readsGzippedText() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(TABLE.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(rows(written(bytes.toByteArray()))).hasSize(3);
    }

    @Test
    void refusesATruncatedGzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(TABLE.repeat(1000).getBytes(StandardCharsets.UTF_8));
        }
        Path file = written(java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));

        assertRefused(file, "it ends too early");
    }

    @Test
    void refusesTooManyColumns() throws IOException {
        assertRefused(written(",1".repeat(100_000).getBytes(StandardCharsets.UTF_8)), "over 50000 columns");
    }

    @Test
    void refusesACellOfTenMegabytes() throws IOException {
        assertRefused(
                written(("a,b\n" + "x".repeat(10_000_000) + ",1\n").getBytes(StandardCharsets.UTF_8)), "characters");
    }

    @ParameterizedTest
    @CsvSource({
        "<!DOCTYPE html><html></html>,web page",
        "%PDF-1.7,PDF",
        "'{\"a\":1}',JSON",
        "'',empty",
    })
    void namesFilesThatAreNoTables(String content, String reason) throws IOException {
        assertRefused(written(content.getBytes(StandardCharsets.UTF_8)), reason);
    }

    @Test
    void namesOldWorkbooksAndArchives() throws IOException {
        assertRefused(
                written(new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1}),
                "save it as XLSX");
        assertThatThrownBy(() -> Tables.open(folder, ReaderOptions.defaults())).hasMessageContaining("not a file");
        assertThatThrownBy(() -> Tables.open(folder.resolve("none.csv"), ReaderOptions.defaults()))
                .hasMessageContaining("no such file");
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(folder.resolve("table.csv"), content);
    }

    private static Table table(Path file) {
        return Tables.open(file, ReaderOptions.defaults()).get(0);
    }

    private static List<String> rows(Path file) {
        return rows(table(file));
    }

    static List<String> rows(Table table) {
        List<String> rows = new ArrayList<>();
        table.read(row -> rows.add(row.number() + ": "
                + String.join("|", row.cells().stream().map(TextTableTest::text).toList())));
        return rows;
    }

    private static String text(Cell cell) {
        if (cell instanceof Cell.Text text) {
            return text.value();
        }
        if (cell instanceof Cell.Numeric number) {
            return String.valueOf(number.value());
        }
        if (cell instanceof Cell.Timestamp time) {
            return time.value().toString();
        }
        return cell instanceof Cell.Unreadable unreadable ? "(" + unreadable.reason() + ")" : "";
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> rows(file))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("table.csv: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }
}
