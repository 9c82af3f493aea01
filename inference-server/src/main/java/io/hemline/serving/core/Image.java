package io.hemline.serving.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * An encoded image (JPEG, PNG or WebP) as the client sent it, identified by its content.
 *
 * <p>Immutable by convention: the bytes are never written.
 */
public final class Image {

    private final byte[] bytes;
    private final byte[] sha256;

    public Image(byte[] bytes) {
        this.bytes = bytes;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** The file's bytes. */
    public byte[] bytes() {
        return bytes;
    }

    /** The SHA-256 of the bytes, 32 bytes. */
    public byte[] sha256() {
        return sha256;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image image && Arrays.equals(sha256, image.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return "Image[" + bytes.length + " bytes]";
    }
}
