package io.hemline.serving.engine.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory that can be read until a deadline: the way to end a decoder, which cannot be interrupted.
 *
 * <p>Confined to one thread.
 */
final class TimedInput extends ImageInputStreamImpl {

    /*
     * A decoder looks for the next bytes when it has worked off the last ones, so it gets few at a time: a hundred bytes
     * may hold ten scans of a whole picture.
     */
    private static final int MAX_READ = 128;

    private final byte[] file;
    private final long deadlineNanos;
    private int singleReads;
    private boolean late;

    TimedInput(byte[] file, long deadlineNanos) {
        this.file = file;
        this.deadlineNanos = deadlineNanos;
    }

    /** Whether a read came too late, whatever the decoder made of it. */
    boolean late() {
        return late;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        if (singleReads++ % MAX_READ == 0) {
            requireInTime();
        }
        return streamPos < file.length ? file[(int) streamPos++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        bitOffset = 0;
        requireInTime();
        if (streamPos >= file.length) {
            return length == 0 ? 0 : -1;
        }
        int bytes = (int) Math.min(Math.min(length, MAX_READ), file.length - streamPos);
        System.arraycopy(file, (int) streamPos, into, offset, bytes);
        streamPos += bytes;
        return bytes;
    }

    @Override
    public long length() {
        return file.length;
    }

    private void requireInTime() throws IOException {
        if (System.nanoTime() - deadlineNanos >= 0) {
            late = true;
            throw new IOException("the deadline passed");
        }
    }
}
