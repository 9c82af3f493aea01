package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import java.nio.charset.StandardCharsets;

/** The supported image formats, detected by the file's first bytes. */
enum ImageFormat {
    JPEG("jpeg"),
    PNG("png"),
    WEBP("webp");

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG_SIGNATURE = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    private final String readerName;

    ImageFormat(String readerName) {
        this.readerName = readerName;
    }

    /** The name of its ImageIO reader. */
    String readerName() {
        return readerName;
    }

    static ImageFormat of(byte[] file) throws InvalidImage {
        if (startsWith(file, 0, JPEG_SIGNATURE)) {
            return JPEG;
        }
        if (startsWith(file, 0, PNG_SIGNATURE)) {
            return PNG;
        }
        if (startsWith(file, 0, ascii("RIFF")) && startsWith(file, 8, ascii("WEBP"))) {
            return WEBP;
        }
        throw new InvalidImage("must be a JPEG, PNG or WebP file, these " + file.length + " bytes are none");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] file, int offset, byte[] signature) {
        if (file.length < offset + signature.length) {
            return false;
        }
        for (int i = 0; i < signature.length; i++) {
            if (file[offset + i] != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
