package io.hemline.serving.engine.image;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.png.PngMetadataReader;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The EXIF orientation, 1 to 8. */
enum ExifOrientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    MIRRORED_UPSIDE_DOWN(false, false, true),
    TRANSPOSED(true, false, false),
    RIGHT(true, true, false),
    TRANSVERSED(true, true, true),
    LEFT(true, false, true);

    private final boolean swapsSides;
    private final boolean flipsColumns;
    private final boolean flipsRows;

    /** Sides are swapped first, then columns and rows of the result are flipped. */
    ExifOrientation(boolean swapsSides, boolean flipsColumns, boolean flipsRows) {
        this.swapsSides = swapsSides;
        this.flipsColumns = flipsColumns;
        this.flipsRows = flipsRows;
    }

    /** The orientation of the file; {@code UPRIGHT} without valid metadata. */
    static ExifOrientation of(ImageFormat format, byte[] file) {
        try (InputStream in = new ByteArrayInputStream(file)) {
            Metadata metadata = switch (format) {
                case JPEG -> JpegMetadataReader.readMetadata(in, List.of(new ExifReader()));
                case PNG -> PngMetadataReader.readMetadata(in);
                case WEBP -> WebpMetadataReader.readMetadata(in);
            };
            ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer orientation = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
            if (orientation == null || orientation < 1 || orientation > values().length) {
                return UPRIGHT;
            }
            return values()[orientation - 1];
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            return UPRIGHT;
        }
    }

    /** Whether the stored columns are displayed in reverse order. */
    boolean flipsStoredColumns() {
        return swapsSides ? flipsRows : flipsColumns;
    }

    /** Whether the stored rows are displayed in reverse order. */
    boolean flipsStoredRows() {
        return swapsSides ? flipsColumns : flipsRows;
    }

    /** The upright form of a square of three bytes per pixel. */
    byte[] applied(byte[] stored, int side) {
        byte[] upright = new byte[stored.length];
        for (int row = 0; row < side; row++) {
            int y = flipsStoredRows() ? side - 1 - row : row;
            for (int column = 0; column < side; column++) {
                int x = flipsStoredColumns() ? side - 1 - column : column;
                int to = swapsSides ? x * side + y : y * side + x;
                System.arraycopy(stored, 3 * (row * side + column), upright, 3 * to, 3);
            }
        }
        return upright;
    }
}
