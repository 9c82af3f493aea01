package io.hemline.importer.table;

import com.github.pjfanning.xlsx.StreamingReader;
import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.poi.ss.usermodel.Workbook;

/** Opens workbooks of Office Open XML (ISO/IEC 29500). */
final class XlsxFile {

    private static final String PART = "xl/workbook.xml";

    private XlsxFile() {}

    /** The visible sheets that have rows, or the one asked for. */
    static List<Table> open(SourceFile source, ReaderOptions options) {
        Path file;
        try {
            file = source.seekable();
            requireWorkbook(source, file);
        } catch (IOException e) {
            throw source.unreadable(e);
        }
        List<String> visible = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        try (Workbook book = reader().open(file.toFile())) {
            for (int i = 0; i < book.getNumberOfSheets(); i++) {
                boolean shown = !book.isSheetHidden(i) && !book.isSheetVeryHidden(i);
                (shown ? visible : hidden).add(book.getSheetName(i));
            }
        } catch (IOException | RuntimeException e) {
            throw source.unreadable(e);
        }
        List<String> chosen = chosen(source, options, visible, hidden);
        List<Table> tables = new ArrayList<>();
        for (String sheet : chosen) {
            SheetTable table =
                    new SheetTable(source, file, sheet, chosen.size() > 1, tables.isEmpty() ? hidden : List.of());
            if (table.hasRows()) {
                tables.add(table);
            }
        }
        if (tables.isEmpty()) {
            throw new ImportException(source.name() + ": no visible sheet has a row");
        }
        return tables;
    }

    static StreamingReader.Builder reader() {
        return StreamingReader.builder().rowCacheSize(256).bufferSize(1 << 16);
    }

    private static void requireWorkbook(SourceFile source, Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry(PART) == null) {
                boolean openDocument = zip.getEntry("mimetype") != null;
                throw new ImportException(source.name()
                        + (openDocument
                                ? ": an OpenDocument file is not read; save it as XLSX or CSV"
                                : ": a ZIP archive that is no workbook; unpack it and name the files in it"));
            }
        }
    }

    private static List<String> chosen(
            SourceFile source, ReaderOptions options, List<String> visible, List<String> hidden) {
        if (options.sheet() == null) {
            return visible;
        }
        if (!visible.contains(options.sheet()) && !hidden.contains(options.sheet())) {
            List<String> all = new ArrayList<>(visible);
            all.addAll(hidden);
            throw new ImportException(source.name() + ": there is no sheet '"
                    + SourceFile.printable(options.sheet()) + "'; it has "
                    + SourceFile.printable(String.join(", ", all)));
        }
        return List.of(options.sheet());
    }
}
