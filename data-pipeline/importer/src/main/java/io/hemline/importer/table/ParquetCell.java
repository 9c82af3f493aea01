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
import java.util.HexFormat;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Converts a value of a Parquet column, by the column's logical type. */
final class ParquetCell {

    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private ParquetCell() {}

    static Cell of(PrimitiveType type, Object value) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (value instanceof Number number) {
            if (logical instanceof DateLogicalTypeAnnotation) {
                return new Cell.Timestamp(
                        LocalDate.ofEpochDay(number.longValue()).atStartOfDay());
            }
            if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
                return new Cell.Timestamp(time(number.longValue(), timestamp.getUnit()));
            }
            if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
                return new Cell.Numeric(
                        new BigDecimal(BigInteger.valueOf(number.longValue()), decimal.getScale()).doubleValue());
            }
            double real = number.doubleValue();
            return Double.isNaN(real) ? Cell.EMPTY : new Cell.Numeric(real);
        }
        String text = String.valueOf(value);
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
            return new Cell.Timestamp(int96(text));
        }
        if (logical instanceof DecimalLogicalTypeAnnotation) {
            return new Cell.Numeric(Double.parseDouble(text));
        }
        if (text.length() > TextTable.MAX_CELL) {
            return new Cell.Unreadable("a cell of over " + TextTable.MAX_CELL + " characters");
        }
        return text.isBlank() ? Cell.EMPTY : new Cell.Text(text);
    }

    private static LocalDateTime time(long value, LogicalTypeAnnotation.TimeUnit unit) {
        ChronoUnit chrono = switch (unit) {
            case MILLIS -> ChronoUnit.MILLIS;
            case MICROS -> ChronoUnit.MICROS;
            case NANOS -> ChronoUnit.NANOS;
        };
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(value, chrono), ZoneOffset.UTC);
    }

    /** Spark's older timestamps: nanoseconds of the day and the Julian day, little-endian, here in hexadecimal. */
    private static LocalDateTime int96(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = buffer.getLong();
        return LocalDate.ofEpochDay(buffer.getInt() - (long) JULIAN_DAY_OF_1970)
                .atStartOfDay()
                .plusNanos(nanos);
    }
}
