package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks the chunks of a WebP file, without decoding it. */
final class WebpChunks {

    private static final int RIFF_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int ANIMATED = 1 << 1;
    private static final int LOSSLESS_ALPHA = 1;

    private WebpChunks() {}

    /**
     * Rejects a truncated file, an animation, and an image whose size differs from its canvas, which is the size that the
     * decoder reports.
     */
    static void check(byte[] file) throws InvalidImage {
        ByteBuffer alpha = null;
        Size canvas = null;
        Size image = null;
        ByteBuffer chunks = chunks(file);
        while (chunks.remaining() >= CHUNK_HEADER_BYTES) {
            String type = type(chunks);
            long length = Integer.toUnsignedLong(chunks.getInt());
            if (length > chunks.remaining()) {
                throw truncated();
            }
            ByteBuffer data = chunks.slice(chunks.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case "VP8X" -> canvas = canvas(data);
                case "VP8 " -> image = lossy(data);
                case "VP8L" -> image = lossless(data);
                case "ALPH" -> alpha = data;
                case "ANIM", "ANMF" -> throw animated();
                default -> {}
            }
            chunks.position((int) Math.min(chunks.limit(), chunks.position() + length + (length & 1)));
        }
        requireOneSize(canvas, image);
        if (alpha != null && image != null && alpha.hasRemaining() && (alpha.get(0) & LOSSLESS_ALPHA) != 0) {
            LosslessTransforms.check(alpha.slice(1, alpha.limit() - 1), image.width(), image.height());
        }
    }

    private static ByteBuffer chunks(byte[] file) throws InvalidImage {
        ByteBuffer riff = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long end = CHUNK_HEADER_BYTES + Integer.toUnsignedLong(riff.getInt(Integer.BYTES));
        if (end < RIFF_HEADER_BYTES || end > file.length) {
            throw truncated();
        }
        return riff.limit((int) end).position(RIFF_HEADER_BYTES);
    }

    private static String type(ByteBuffer chunks) {
        byte[] name = new byte[Integer.BYTES];
        chunks.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static Size canvas(ByteBuffer data) throws InvalidImage {
        requireLength(data, 10);
        if ((data.get(0) & ANIMATED) != 0) {
            throw animated();
        }
        int width = data.getInt(3) >>> 8;
        int height = data.getInt(6) >>> 8;
        return new Size(width + 1, height + 1);
    }

    private static Size lossy(ByteBuffer data) throws InvalidImage {
        requireLength(data, 10);
        return new Size(data.getShort(6) & 0x3fff, data.getShort(8) & 0x3fff);
    }

    private static Size lossless(ByteBuffer data) throws InvalidImage {
        requireLength(data, 5);
        int bits = data.getInt(1);
        Size size = new Size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
        LosslessTransforms.check(data.slice(5, data.limit() - 5), size.width(), size.height());
        return size;
    }

    private static void requireLength(ByteBuffer data, int bytes) throws InvalidImage {
        if (data.remaining() < bytes) {
            throw truncated();
        }
    }

    private static void requireOneSize(@Nullable Size canvas, @Nullable Size image) throws InvalidImage {
        if (image == null) {
            throw truncated();
        }
        if (canvas != null && !canvas.equals(image)) {
            throw new InvalidImage("is a WebP file of " + canvas + " pixels whose picture has " + image);
        }
    }

    private static InvalidImage truncated() {
        return new InvalidImage("is a WebP file that breaks off");
    }

    private static InvalidImage animated() {
        return new InvalidImage("must be a picture that stands still, is an animated WebP file");
    }

    private record Size(int width, int height) {

        @Override
        public String toString() {
            return width + " x " + height;
        }
    }
}
