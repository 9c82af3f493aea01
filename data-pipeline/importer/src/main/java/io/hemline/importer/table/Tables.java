package io.hemline.importer.table;

import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Opens files. What a file is follows from its first bytes, never from its name. */
public final class Tables {

    private Tables() {}

    /** All tables of a file, in its order. */
    public static List<Table> open(Path file, ReaderOptions options) {
        requireFile(file);
        SourceFile source = new SourceFile(file);
        FileKind kind;
        try {
            kind = FileKind.of(source.head());
        } catch (IOException e) {
            throw source.unreadable(e);
        }
        return switch (kind) {
            case TEXT -> List.of(TextTable.open(source, options));
            case ZIP -> XlsxFile.open(source, options);
            case PARQUET -> List.of(ParquetTable.open(source));
            case EMPTY -> throw new ImportException(source.name() + ": the file is empty");
            case OLD_EXCEL ->
                throw new ImportException(
                        source.name()
                                + ": an old (.xls) or encrypted workbook is not read; save it as XLSX or CSV without a password");
            case PDF ->
                throw new ImportException(source.name() + ": a PDF is not read; export the table as CSV or XLSX");
            case HTML ->
                throw new ImportException(source.name()
                        + ": this is a web page, not a table; download the file again, perhaps after logging in");
            case JSON ->
                throw new ImportException(
                        source.name() + ": JSON is not read; a table as CSV, XLSX or Parquet is needed");
        };
    }

    private static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw new ImportException(SourceFile.printable(file.toString()) + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new ImportException(
                    SourceFile.printable(file.toString()) + ": not a file; name the files, such as FOLDER/*.csv");
        }
        if (!Files.isReadable(file)) {
            throw new ImportException(SourceFile.printable(file.toString()) + ": no permission to read it");
        }
    }
}
