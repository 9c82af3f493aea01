package io.hemline.serving.engine.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Builds crafted image files. */
public final class ImageFiles {

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private ImageFiles() {}

    /** An RGB PNG of a declared size with arbitrary data. */
    static byte[] png(int width, int height, byte[] data) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        return joined(PNG, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new byte[0]));
    }

    static byte[] chunk(String type, byte[] data) {
        byte[] name = ascii(type);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }

    /** The PNG with another chunk after its header. */
    static byte[] inserted(byte[] png, byte[] chunk) {
        int afterHeader = PNG.length + 25;
        return ByteBuffer.allocate(png.length + chunk.length)
                .put(png, 0, afterHeader)
                .put(chunk)
                .put(png, afterHeader, png.length - afterHeader)
                .array();
    }

    static byte[] deflatedZeros(int count) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        byte[] buffer = new byte[1 << 16];
        for (int done = 0; done < count; done += zeros.length) {
            deflater.setInput(zeros);
            while (!deflater.needsInput()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }

    /**
     * A lossless WebP of one colour, in so few bytes that its decoder does all work after reading them: half a minute for 16
     * megapixels.
     */
    public static byte[] losslessWebp(int width, int height) {
        Bits bits = new Bits();
        bits.add(0x2f, 8).add(width - 1, 14).add(height - 1, 14).add(0, 4);
        bits.add(0, 1).add(0, 1).add(0, 1); // no transform, no colour cache, one group of codes
        for (int code = 0; code < 5; code++) {
            bits.add(1, 1).add(0, 1).add(1, 1).add(7, 8); // simple, of one symbol, of eight bits: 7
        }
        byte[] image = bits.bytes();
        return riff(joined(ascii("VP8L"), little(image.length), image));
    }

    static byte[] riff(byte[] chunks) {
        return joined(ascii("RIFF"), little(4 + chunks.length), ascii("WEBP"), chunks);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] little(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    /** Bits from the lowest up, padded to an even number of bytes. */
    private static final class Bits {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int last;
        private int count;

        Bits add(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                last |= (value >> i & 1) << count++;
                if (count == 8) {
                    out.write(last);
                    last = 0;
                    count = 0;
                }
            }
            return this;
        }

        byte[] bytes() {
            while (count != 0 || out.size() % 2 != 0) {
                add(0, 1);
            }
            return out.toByteArray();
        }
    }
}
