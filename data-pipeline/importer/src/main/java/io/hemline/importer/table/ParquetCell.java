package io.hemline.importer.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** Converts a value of a Parquet column by the column's logical type. */
final class ParquetCell {

    private static final long JULIAN_DAY_OF_1970 = 2_440_588;

    private ParquetCell() {}

    /** The current value of a column, which is present. */
    static Cell of(PrimitiveType type, ColumnReader reader) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> whole(logical, reader.getInteger());
            case INT64 -> whole(logical, reader.getLong());
            case FLOAT -> real(Double.parseDouble(Float.toString(reader.getFloat())));
            case DOUBLE -> real(reader.getDouble());
            case BOOLEAN -> new Cell.Text(String.valueOf(reader.getBoolean()));
            case INT96 -> new Cell.Timestamp(int96(reader.getBinary()));
            case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(logical, reader.getBinary());
        };
    }

    private static Cell whole(LogicalTypeAnnotation logical, long value) {
        if (logical instanceof DateLogicalTypeAnnotation) {
            return new Cell.Timestamp(LocalDate.ofEpochDay(value).atStartOfDay());
        }
        if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
            return new Cell.Timestamp(time(value, timestamp.getUnit()));
        }
        return logical instanceof DecimalLogicalTypeAnnotation decimal
                ? real(new BigDecimal(BigInteger.valueOf(value), decimal.getScale()).doubleValue())
                : new Cell.Numeric(value);
    }

    private static Cell bytes(LogicalTypeAnnotation logical, Binary value) {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            return real(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()).doubleValue());
        }
        if (value.length() > TextTable.MAX_CELL) {
            return new Cell.Unreadable("a cell of over " + TextTable.MAX_CELL + " characters");
        }
        String text = value.toStringUsingUTF8();
        return text.isBlank() ? Cell.EMPTY : new Cell.Text(text);
    }

    private static Cell real(double value) {
        return Double.isNaN(value) ? Cell.EMPTY : new Cell.Numeric(value);
    }

    private static LocalDateTime time(long value, LogicalTypeAnnotation.TimeUnit unit) {
        ChronoUnit chrono = switch (unit) {
            case MILLIS -> ChronoUnit.MILLIS;
            case MICROS -> ChronoUnit.MICROS;
            case NANOS -> ChronoUnit.NANOS;
        };
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(value, chrono), ZoneOffset.UTC);
    }

    /** Spark's older timestamps: nanoseconds of the day and the Julian day, little-endian. */
    private static LocalDateTime int96(Binary value) {
        ByteBuffer buffer = ByteBuffer.wrap(value.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = buffer.getLong();
        return LocalDate.ofEpochDay(buffer.getInt() - JULIAN_DAY_OF_1970)
                .atStartOfDay()
                .plusNanos(nanos);
    }
}
