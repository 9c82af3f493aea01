package io.hemline.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tables written in every form come back equal. */
class RoundTripTest {

    private static final LocalDate START = LocalDate.of(2023, 1, 2);
    private static final List<String> DATES = List.of(
            "yyyy-MM-dd",
            "dd/MM/yyyy",
            "MM/dd/yyyy",
            "dd.MM.yyyy",
            "yyyyMMdd",
            "d MMM yyyy",
            "MMMM d, yyyy",
            "dd-MMM-yy");

    @TempDir
    Path folder;

    private enum Shape {
        LONG,
        WIDE,
        TRANSPOSED
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aTableWrittenInEveryFormComesBackEqual(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] table = table(random);
        for (Shape shape : Shape.values()) {
            for (String date : DATES) {
                char delimiter = ",;\t".charAt(random.nextInt(3));
                boolean comma = delimiter != ',' && random.nextBoolean();
                Charset encoding = List.of(
                                StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, Charset.forName("windows-1252"))
                        .get(random.nextInt(3));
                List<List<String>> rows = rows(table, shape, DateTimeFormatter.ofPattern(date, Locale.ENGLISH), comma);
                Path file =
                        random.nextInt(4) == 0 ? workbook(rows) : text(rows, delimiter, encoding, random.nextBoolean());

                assertReadsAs(table, file, shape + " " + date + " '" + delimiter + "' " + comma + " " + encoding);
            }
        }
    }

    private static double[][] table(SplittableRandom random) {
        double[][] table = new double[1 + random.nextInt(4)][30 + random.nextInt(60)];
        for (double[] series : table) {
            Arrays.setAll(series, i -> random.nextInt(8) == 0 ? Double.NaN : random.nextInt(100_000) / 100.0);
            series[0] = 1.25;
            series[series.length - 1] = 2.5;
        }
        return table;
    }

    private static List<List<String>> rows(double[][] table, Shape shape, DateTimeFormatter form, boolean comma) {
        List<List<String>> rows = new ArrayList<>();
        int weeks = table[0].length;
        if (shape == Shape.LONG) {
            rows.add(List.of("name", "date", "value"));
            for (int s = 0; s < table.length; s++) {
                for (int week = 0; week < weeks; week++) {
                    rows.add(List.of("Größe " + s, form.format(START.plusWeeks(week)), number(table[s][week], comma)));
                }
            }
            return rows;
        }
        List<String> header = new ArrayList<>(List.of(shape == Shape.WIDE ? "date" : "name"));
        for (int i = 0; i < (shape == Shape.WIDE ? table.length : weeks); i++) {
            header.add(shape == Shape.WIDE ? "Größe " + i : form.format(START.plusWeeks(i)));
        }
        rows.add(header);
        for (int i = 0; i < (shape == Shape.WIDE ? weeks : table.length); i++) {
            List<String> row =
                    new ArrayList<>(List.of(shape == Shape.WIDE ? form.format(START.plusWeeks(i)) : "Größe " + i));
            for (int j = 0; j < header.size() - 1; j++) {
                row.add(number(shape == Shape.WIDE ? table[j][i] : table[i][j], comma));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String number(double value, boolean comma) {
        String text = Double.isNaN(value) ? "" : String.valueOf(value);
        return comma ? text.replace('.', ',') : text;
    }

    private Path text(List<List<String>> rows, char delimiter, Charset encoding, boolean gzip) throws IOException {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            List<String> cells = row.stream()
                    .map(cell -> cell.indexOf(delimiter) >= 0 ? "\"" + cell + "\"" : cell)
                    .toList();
            text.append(String.join(String.valueOf(delimiter), cells)).append("\r\n");
        }
        Path file = folder.resolve("table.csv");
        try (OutputStream out =
                gzip ? new GZIPOutputStream(Files.newOutputStream(file)) : Files.newOutputStream(file)) {
            out.write(text.toString().getBytes(encoding));
        }
        return file;
    }

    private Path workbook(List<List<String>> rows) throws IOException {
        Path file = folder.resolve("table.xlsx");
        try (XSSFWorkbook book = new XSSFWorkbook();
                OutputStream out = Files.newOutputStream(file)) {
            var sheet = book.createSheet("Data");
            for (int i = 0; i < rows.size(); i++) {
                var row = sheet.createRow(i);
                for (int j = 0; j < rows.get(i).size(); j++) {
                    if (!rows.get(i).get(j).isEmpty()) {
                        row.createCell(j).setCellValue(rows.get(i).get(j));
                    }
                }
            }
            book.write(out);
        }
        return file;
    }

    private void assertReadsAs(double[][] table, Path file, String form) throws IOException {
        Path target = folder.resolve("out");
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();

        int exitCode = TestSnapshots.run(out, err, file.toString(), "--out", target.toString(), "--replace");

        assertThat(exitCode).as(form + ": " + err).isZero();
        List<JsonNode> trends = TestSnapshots.lines(target);
        assertThat(trends).as(form + out).hasSize(table.length);
        for (int s = 0; s < table.length; s++) {
            assertThat(trends.get(s).get("trend").asText()).isEqualTo("größe " + s);
            List<Double> values = new ArrayList<>();
            trends.get(s).get("volume").forEach(value -> values.add(value.isNull() ? Double.NaN : value.doubleValue()));
            assertThat(values)
                    .as(form + out)
                    .containsExactlyElementsOf(Arrays.stream(table[s]).boxed().toList());
        }
    }
}
