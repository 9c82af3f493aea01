package io.hemline.importer.table;

import blue.strategic.parquet.ParquetReader;
import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A Parquet file of flat columns. Row 0 holds the names of the columns.
 *
 * <p>Immutable.
 */
final class ParquetTable implements Table {

    private final SourceFile source;
    private final Path file;
    private final MessageType schema;

    private ParquetTable(SourceFile source, Path file, MessageType schema) {
        this.source = source;
        this.file = file;
        this.schema = schema;
    }

    static ParquetTable open(SourceFile source) {
        Path file;
        try {
            file = source.seekable();
        } catch (IOException e) {
            throw source.unreadable(e);
        }
        try (ParquetFileReader reader = reader(file)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            for (Type column : schema.getFields()) {
                if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
                    throw new ImportException(source.name() + ": column \"" + SourceFile.printable(column.getName())
                            + "\" is nested; only flat columns are read");
                }
            }
            return new ParquetTable(source, file, schema);
        } catch (ImportException e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new ImportException(source.name() + ": cannot be read as Parquet: it is damaged or cut off", e);
        }
    }

    private static ParquetFileReader reader(Path file) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
        return ParquetFileReader.open(ParquetReader.makeInputFile(file.toFile()), options);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String kind() {
        return "Parquet";
    }

    @Override
    public List<Guess> guesses() {
        return List.of();
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void read(Predicate<Row> consumer) {
        List<Cell> names = new ArrayList<>();
        schema.getFields().forEach(column -> names.add(new Cell.Text(column.getName())));
        if (!consumer.test(new Row(0, names))) {
            return;
        }
        int number = 0;
        try (ParquetFileReader reader = reader(file)) {
            String createdBy = reader.getFileMetaData().getCreatedBy();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                ColumnReadStoreImpl columns = new ColumnReadStoreImpl(group, new Ignored(), schema, createdBy);
                List<ColumnReader> readers = schema.getColumns().stream()
                        .map(columns::getColumnReader)
                        .toList();
                for (long i = 0; i < group.getRowCount(); i++) {
                    Row row = new Row(++number, cells(readers));
                    if (!row.isBlank() && !consumer.test(row)) {
                        return;
                    }
                }
            }
        } catch (ImportException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImportException(
                    name() + ": cannot be read after record " + number + ": it is damaged or cut off", e);
        }
    }

    private static List<Cell> cells(List<ColumnReader> readers) {
        List<Cell> cells = new ArrayList<>(readers.size());
        for (ColumnReader reader : readers) {
            ColumnDescriptor column = reader.getDescriptor();
            boolean present = reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
            cells.add(present ? ParquetCell.of(column.getPrimitiveType(), reader) : Cell.EMPTY);
            reader.consume();
        }
        return cells;
    }

    /** The column store wants converters, which are not used when values are read one by one. */
    private static final class Ignored extends GroupConverter {

        @Override
        public Converter getConverter(int column) {
            return new PrimitiveConverter() {};
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
