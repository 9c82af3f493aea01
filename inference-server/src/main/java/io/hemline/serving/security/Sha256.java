package io.hemline.serving.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a credential, which is all that is kept of it.
 *
 * <p>Immutable.
 */
record Sha256(long first, long second, long third, long fourth) {

    /*
     * Whoever guesses at keys does not choose what their hashes begin with, so the time of a look into a map by hash tells
     * nothing of the keys in it. Two hashes are still compared as a whole, without a way out in between.
     */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

    static Sha256 of(String credential) {
        return of(DIGEST.get().digest(credential.getBytes(StandardCharsets.UTF_8)));
    }

    /** A hash as it is; 32 bytes. */
    static Sha256 of(byte[] hash) {
        return new Sha256((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8), (long) LONGS.get(hash, 16), (long)
                LONGS.get(hash, 24));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 hash
                && ((first ^ hash.first) | (second ^ hash.second) | (third ^ hash.third) | (fourth ^ hash.fourth)) == 0;
    }

    @Override
    public int hashCode() {
        return (int) first;
    }
}
