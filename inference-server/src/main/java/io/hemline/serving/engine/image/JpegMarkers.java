package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;

/** Checks the markers of a JPEG file up to the end of the image, without decoding it. */
final class JpegMarkers {

    /*
     * Every scan of a progressive file updates the whole image, and an empty one takes ten bytes: a file of some megabytes
     * would be decoded for hours. Encoders write about ten scans.
     */
    static final int MAX_SCANS = 100;

    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    private JpegMarkers() {}

    /** Rejects a truncated file, and one with too many scans. */
    static void check(byte[] file) throws InvalidImage {
        int scans = 0;
        int offset = 0;
        while (true) {
            offset = afterMarker(file, offset);
            int marker = file[offset - 1] & 0xff;
            if (marker == END_OF_IMAGE) {
                return;
            }
            if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
                throw new InvalidImage("must have at most " + MAX_SCANS + " scans, is a JPEG file of more");
            }
            if (marker != START_OF_IMAGE) {
                offset = afterSegment(file, offset);
            }
        }
    }

    /** The offset after the next marker; skips compressed data with its stuffed zeros and restart markers. */
    private static int afterMarker(byte[] file, int from) throws InvalidImage {
        for (int offset = from; offset + 1 < file.length; offset++) {
            if (file[offset] == (byte) 0xff && isMarker(file[offset + 1] & 0xff)) {
                return offset + 2;
            }
        }
        throw truncated();
    }

    private static boolean isMarker(int code) {
        boolean restart = code >= 0xd0 && code <= 0xd7;
        return code > 0x01 && code < 0xff && !restart;
    }

    private static int afterSegment(byte[] file, int offset) throws InvalidImage {
        if (offset + 1 >= file.length) {
            throw truncated();
        }
        int end = offset + Math.max(2, ((file[offset] & 0xff) << 8) | (file[offset + 1] & 0xff));
        if (end > file.length) {
            throw truncated();
        }
        return end;
    }

    private static InvalidImage truncated() {
        return new InvalidImage("is a JPEG file that breaks off");
    }
}
