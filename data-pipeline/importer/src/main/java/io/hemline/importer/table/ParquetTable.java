package io.hemline.importer.table;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.HydratorSupplier;
import blue.strategic.parquet.ParquetReader;
import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
    private final List<Type> columns;

    private ParquetTable(SourceFile source, Path file, List<Type> columns) {
        this.source = source;
        this.file = file;
        this.columns = columns;
    }

    static ParquetTable open(SourceFile source) {
        try {
            Path file = source.seekable();
            MessageType schema =
                    ParquetReader.readMetadata(file.toFile()).getFileMetaData().getSchema();
            for (Type column : schema.getFields()) {
                if (!column.isPrimitive()) {
                    throw new ImportException(source.name() + ": column \"" + SourceFile.printable(column.getName())
                            + "\" is nested; only flat columns are read");
                }
            }
            return new ParquetTable(source, file, schema.getFields());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (e instanceof ImportException known) {
                throw known;
            }
            throw new ImportException(source.name() + ": cannot be read as Parquet: it is damaged or cut off", e);
        }
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
        columns.forEach(column -> names.add(new Cell.Text(column.getName())));
        if (!consumer.test(new Row(0, names))) {
            return;
        }
        int number = 0;
        try (ParquetReader<Cell[], Cell[]> records =
                ParquetReader.spliterator(file.toFile(), HydratorSupplier.constantly(new Cells(columns)))) {
            Cell[][] current = new Cell[1][];
            while (records.tryAdvance(cells -> current[0] = cells)) {
                Row row = new Row(++number, List.of(current[0]));
                if (!row.isBlank() && !consumer.test(row)) {
                    return;
                }
            }
        } catch (ImportException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImportException(
                    name() + ": cannot be read after record " + number + ": it is damaged or cut off", e);
        }
    }

    /** Makes the cells of a record. */
    private static final class Cells implements Hydrator<Cell[], Cell[]> {

        private final Map<String, Integer> indexes = new HashMap<>();
        private final List<Type> columns;

        Cells(List<Type> columns) {
            this.columns = columns;
            for (int i = 0; i < columns.size(); i++) {
                indexes.put(columns.get(i).getName(), i);
            }
        }

        @Override
        public Cell[] start() {
            Cell[] cells = new Cell[columns.size()];
            java.util.Arrays.fill(cells, Cell.EMPTY);
            return cells;
        }

        @Override
        public Cell[] add(Cell[] cells, String name, Object value) {
            int index = indexes.getOrDefault(name, -1);
            if (index >= 0 && value != null) {
                cells[index] = ParquetCell.of(columns.get(index).asPrimitiveType(), value);
            }
            return cells;
        }

        @Override
        public Cell[] finish(Cell[] cells) {
            return cells;
        }
    }
}
