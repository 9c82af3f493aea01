package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/**
 * Decodes image files within limits of size, memory and time.
 *
 * <p>Immutable.
 */
final class ImageDecoder {

    /** The most pixels of an image: 16 megapixels. */
    static final int MAX_PIXELS = 16_000_000;

    /** The largest aspect ratio, in either direction. */
    static final int MAX_RATIO = 100;

    private final DecodingMemory memory;
    private final long deadlineNanos;

    ImageDecoder(DecodingMemory memory, long deadlineNanos) {
        this.memory = memory;
        this.deadlineNanos = deadlineNanos;
    }

    /** Decodes the first image of the file and converts it; the decoded image is released afterwards. */
    byte[] decode(
            ImageFormat format, byte[] file, byte @Nullable [] pngProfile, Function<DecodedImage, byte[]> conversion)
            throws InvalidImage, DecodingTimeout {
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(format.readerName()).next();
        long acquired = 0;
        DeadlineInput in = new DeadlineInput(file, deadlineNanos);
        try {
            reader.setInput(in, true, true);
            requireSize(reader.getWidth(0), reader.getHeight(0));
            long bytes = bytes(reader);
            memory.acquire(bytes, deadlineNanos);
            acquired = bytes;
            return conversion.apply(new DecodedImage(withProfile(reader.read(0), pngProfile)));
        } catch (IOException | RuntimeException e) {
            if (in.expired) {
                throw new DecodingTimeout();
            }
            // The decoders throw exceptions of any type on damaged files.
            throw new InvalidImage("is a " + format + " file that cannot be decoded", e);
        } finally {
            memory.release(acquired);
            reader.dispose();
        }
    }

    private static void requireSize(int width, int height) throws InvalidImage {
        if ((long) width * height > MAX_PIXELS) {
            throw new InvalidImage("must have at most " + MAX_PIXELS + " pixels, has " + width + " x " + height + " = "
                    + (long) width * height);
        }
        if (Math.max(width, height) > (long) MAX_RATIO * Math.min(width, height)) {
            throw new InvalidImage("must be at most " + MAX_RATIO + " times as long as wide, or as wide as long, has "
                    + width + " x " + height + " pixels");
        }
    }

    /** The memory of the decoded image, and of its raw form where the reader converts it. */
    private static long bytes(ImageReader reader) throws IOException {
        ImageTypeSpecifier decoded = reader.getImageTypes(0).next();
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        boolean converts = raw != null && raw.getNumBands() != decoded.getNumBands();
        long bitsPerPixel = bits(decoded) + (converts ? bits(raw) : 0);
        return bitsPerPixel * reader.getWidth(0) * reader.getHeight(0) / Byte.SIZE;
    }

    private static long bits(ImageTypeSpecifier type) {
        SampleModel samples = type.getSampleModel();
        return (long) samples.getNumDataElements() * DataBuffer.getDataTypeSize(samples.getDataType());
    }

    /** Applies the ICC profile of a PNG file, which ImageIO ignores, to the same samples. */
    private static BufferedImage withProfile(BufferedImage image, byte @Nullable [] profile) {
        if (profile == null || !(image.getColorModel() instanceof ComponentColorModel colors)) {
            return image;
        }
        try {
            ICC_ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
            if (space.getNumComponents() != colors.getNumColorComponents() || space.getType() == ColorSpace.TYPE_GRAY) {
                return image;
            }
            ColorModel profiled = new ComponentColorModel(
                    space, colors.hasAlpha(), false, colors.getTransparency(), colors.getTransferType());
            return new BufferedImage(profiled, image.getRaster(), false, null);
        } catch (IllegalArgumentException e) {
            return image;
        }
    }

    /**
     * An in-memory file that fails after a deadline, which ends a decoder that cannot be interrupted.
     *
     * <p>Confined to one thread.
     */
    private static final class DeadlineInput extends ImageInputStreamImpl {

        /*
         * A decoder asks for more bytes only when it has processed the last ones, so each read returns few: a hundred bytes
         * may hold ten scans of a whole image.
         */
        private static final int MAX_READ = 128;

        private final byte[] file;
        private final long deadlineNanos;
        private int singleReads;

        /** Whether a read came after the deadline, even if the decoder swallowed the exception. */
        private boolean expired;

        DeadlineInput(byte[] file, long deadlineNanos) {
            this.file = file;
            this.deadlineNanos = deadlineNanos;
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
                expired = true;
                throw new IOException("the deadline passed");
            }
        }
    }
}
