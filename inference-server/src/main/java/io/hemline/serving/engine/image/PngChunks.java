package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file that define the image.
 *
 * <p>Immutable.
 */
final class PngChunks {

    /*
     * A few kilobytes of a compressed text chunk inflate to gigabytes, and both ImageIO (for palettes) and metadata readers
     * inflate text chunks. So they get a copy of the file without them. Only the first ICC profile is read, valid or not: a
     * file may contain thousands, each of which inflates to a megabyte.
     */
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND", "eXIf");
    private static final String PROFILE = "iCCP";
    private static final String END = "IEND";
    private static final int SIGNATURE_BYTES = 8;
    private static final int FRAME_BYTES = 12;
    private static final int MAX_PROFILE_BYTES = 1 << 20;

    private final byte[] image;
    private final byte @Nullable [] profile;

    private PngChunks(byte[] image, byte @Nullable [] profile) {
        this.image = image;
        this.profile = profile;
    }

    /** Rejects a truncated file, and one with a wrong checksum. */
    static PngChunks of(byte[] file) throws InvalidImage {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, SIGNATURE_BYTES);
        boolean profiled = false;
        byte[] profile = null;
        String type = "";
        ByteBuffer chunks = ByteBuffer.wrap(file).position(SIGNATURE_BYTES);
        while (!type.equals(END)) {
            int start = chunks.position();
            int length = chunks.remaining() < FRAME_BYTES ? -1 : chunks.getInt();
            if (length < 0 || length > chunks.remaining() - FRAME_BYTES + Integer.BYTES) {
                throw new InvalidImage("is a PNG file that breaks off");
            }
            type = new String(file, start + Integer.BYTES, Integer.BYTES, StandardCharsets.US_ASCII);
            if (KEPT.contains(type)) {
                requireChecksum(file, start, length, type);
                kept.write(file, start, length + FRAME_BYTES);
            } else if (type.equals(PROFILE) && !profiled) {
                requireChecksum(file, start, length, type);
                profiled = true;
                profile = inflate(file, start + 2 * Integer.BYTES, length);
            }
            chunks.position(start + length + FRAME_BYTES);
        }
        return new PngChunks(kept.toByteArray(), profile);
    }

    /** The file without the chunks that do not affect the image. */
    byte[] image() {
        return image;
    }

    /** The embedded ICC profile; {@code null} if there is none, or none of a valid size. */
    byte @Nullable [] profile() {
        return profile;
    }

    private static void requireChecksum(byte[] file, int start, int length, String type) throws InvalidImage {
        CRC32 checksum = new CRC32();
        checksum.update(file, start + Integer.BYTES, Integer.BYTES + length);
        int written = ByteBuffer.wrap(file).getInt(start + 2 * Integer.BYTES + length);
        if ((int) checksum.getValue() != written) {
            throw new InvalidImage("is a PNG file that was damaged: the checksum of " + type + " does not fit");
        }
    }

    /** The chunk's data: a name, a zero, a zero for the method, and the deflated profile. */
    private static byte @Nullable [] inflate(byte[] file, int offset, int length) {
        int end = offset + length;
        int nameEnd = offset;
        while (nameEnd < end && file[nameEnd] != 0) {
            nameEnd++;
        }
        if (nameEnd + 2 >= end) {
            return null;
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file, nameEnd + 2, end - nameEnd - 2);
            byte[] profile = new byte[MAX_PROFILE_BYTES];
            int size = inflater.inflate(profile);
            return inflater.finished() ? Arrays.copyOf(profile, size) : null;
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }
}
