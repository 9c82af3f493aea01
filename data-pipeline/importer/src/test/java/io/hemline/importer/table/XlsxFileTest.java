package io.hemline.importer.table;

import static io.hemline.importer.table.TextTableTest.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.SheetVisibility;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XlsxFileTest {

    @TempDir
    Path folder;

    @Test
    void readsNumbersDatesTextsFormulasErrorsAndHiddenRows() throws IOException {
        Path file = folder.resolve("a.xlsx");
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            CellStyle date = book.createCellStyle();
            date.setDataFormat(book.createDataFormat().getFormat("dd.mm.yyyy"));
            Sheet sheet = book.createSheet("Data");
            sheet.createRow(0).createCell(0).setCellValue("day");
            sheet.getRow(0).createCell(2).setCellValue("y");
            var row = sheet.createRow(1);
            row.createCell(0).setCellValue(LocalDate.of(2026, 1, 5));
            row.getCell(0).setCellStyle(date);
            row.createCell(2).setCellFormula("1+1");
            book.getCreationHelper().createFormulaEvaluator().evaluateAll();
            var hidden = sheet.createRow(3);
            hidden.setZeroHeight(true);
            hidden.createCell(0).setCellValue(7.25);
            hidden.createCell(2).setCellFormula("1/0");
            book.getCreationHelper().createFormulaEvaluator().evaluateAll();
            save(book, file);
        }

        Table table = Tables.open(file, ReaderOptions.defaults()).get(0);

        assertThat(rows(table)).containsExactly("1: day||y", "2: 2026-01-05T00:00||2.0", "4: 7.25||(#DIV/0!)");
        assertThat(table.guesses()).contains(new Table.Guess("hidden rows", "1, read like the others", ""));
    }

    @Test
    void readsEveryVisibleSheetAndTellsHiddenOnes() throws IOException {
        Path file = folder.resolve("b.xlsx");
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            for (String name : List.of("One", "../../etc/passwd", "Empty", "Secret")) {
                Sheet sheet = book.createSheet(name.replace("/", "_"));
                if (!name.equals("Empty")) {
                    sheet.createRow(0).createCell(0).setCellValue(name);
                }
            }
            book.setSheetVisibility(3, SheetVisibility.HIDDEN);
            save(book, file);
        }

        List<Table> tables = Tables.open(file, ReaderOptions.defaults());

        assertThat(tables).extracting(Table::name).containsExactly("b.xlsx [One]", "b.xlsx [.._.._etc_passwd]");
        assertThat(tables.get(0).guesses()).contains(new Table.Guess("hidden sheets", "not read: Secret", "--sheet"));
        assertThat(Tables.open(file, new ReaderOptions(null, null, "Secret"))).hasSize(1);
        assertThatThrownBy(() -> Tables.open(file, new ReaderOptions(null, null, "Two")))
                .hasMessage("b.xlsx: there is no sheet 'Two'; it has One, .._.._etc_passwd, Empty, Secret");
    }

    @Test
    void refusesExternalEntitiesAndDamagedOrForeignArchives() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "top secret");
        Path entity = folder.resolve("c.xlsx");
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            book.createSheet("S").createRow(0).createCell(0).setCellValue("x");
            save(book, entity);
        }
        replaceEntry(
                entity,
                "xl/worksheets/sheet1.xml",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri()
                        + "\">]><worksheet xmlns=\"http://schemas.openxmlformats.org/"
                        + "spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&e;</t></is></c></row>"
                        + "</sheetData></worksheet>");
        assertRefused(entity);

        byte[] whole = Files.readAllBytes(entity);
        Files.write(folder.resolve("d.xlsx"), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertRefused(folder.resolve("d.xlsx"));

        Path archive = folder.resolve("e.xlsx");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("a.csv"));
        }
        assertThatThrownBy(() -> Tables.open(archive, ReaderOptions.defaults())).hasMessageContaining("unpack it");
    }

    @Test
    void refusesAZipBomb() throws IOException {
        Path bomb = folder.resolve("f.xlsx");
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            book.createSheet("S").createRow(0).createCell(0).setCellValue("x");
            save(book, bomb);
        }
        replaceEntry(
                bomb,
                "xl/worksheets/sheet1.xml",
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">"
                        + "<c r=\"A1\" t=\"inlineStr\"><is><t>" + "0".repeat(50_000_000)
                        + "</t></is></c></row></sheetData></worksheet>");

        assertRefused(bomb);
    }

    private static void save(XSSFWorkbook book, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            book.write(out);
        }
    }

    private static void replaceEntry(Path file, String name, String content) throws IOException {
        Path copy = file.resolveSibling("copy.zip");
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry : java.util.Collections.list(zip.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals(name)) {
                    out.write(content.getBytes(StandardCharsets.UTF_8));
                } else {
                    zip.getInputStream(entry).transferTo(out);
                }
            }
        }
        Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void assertRefused(Path file) {
        assertThatThrownBy(() -> Tables.open(file, ReaderOptions.defaults()).forEach(TextTableTest::rows))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith(file.getFileName() + ": ")
                .hasMessageNotContaining("top secret")
                .hasMessageNotContaining("\n");
    }
}
