package io.hemline.serving.engine.image;

import io.hemline.serving.core.InvalidImage;

/** The markers of a JPEG file, walked from the first to the one that ends the picture, without decoding anything. */
final class JpegMarkers {

    /*
     * Every scan of a progressive file goes over the whole picture again, and an empty one takes ten bytes: a file of
     * some megabytes would be decoded for hours. Encoders write about ten scans.
     */
    static final int MAX_SCANS = 100;

    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    private JpegMarkers() {}

    /** Refuses a file that ends before its picture does, and one of too many scans. */
    static void check(byte[] file) throws InvalidImage {
        int scans = 0;
        int at = 0;
        while (true) {
            at = afterMarker(file, at);
            int marker = file[at - 1] & 0xff;
            if (marker == END_OF_IMAGE) {
                return;
            }
            if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
                throw new InvalidImage("must have at most " + MAX_SCANS + " scans, is a JPEG file of more");
            }
            if (marker != START_OF_IMAGE) {
                at = afterSegment(file, at);
            }
        }
    }

    /** The place behind the next marker, past compressed data with its stuffed zeros and restart markers. */
    private static int afterMarker(byte[] file, int from) throws InvalidImage {
        for (int at = from; at + 1 < file.length; at++) {
            if (file[at] == (byte) 0xff && isMarker(file[at + 1] & 0xff)) {
                return at + 2;
            }
        }
        throw breaksOff();
    }

    private static boolean isMarker(int code) {
        boolean restart = code >= 0xd0 && code <= 0xd7;
        return code > 0x01 && code < 0xff && !restart;
    }

    private static int afterSegment(byte[] file, int at) throws InvalidImage {
        if (at + 1 >= file.length) {
            throw breaksOff();
        }
        int end = at + Math.max(2, ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff));
        if (end > file.length) {
            throw breaksOff();
        }
        return end;
    }

    private static InvalidImage breaksOff() {
        return new InvalidImage("is a JPEG file that breaks off");
    }
}
