package io.hemline.serving.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a credential, which is stored in its place.
 *
 * <p>Immutable.
 */
record CredentialHash(long first, long second, long third, long fourth) {

    /*
     * An attacker cannot choose the prefix of a hash, so the time of a map lookup by hash reveals nothing of the
     * stored credentials. Two hashes are compared in constant time nevertheless.
     */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(CredentialHash::digest);

    static CredentialHash of(String credential) {
        return of(DIGEST.get().digest(credential.getBytes(StandardCharsets.UTF_8)));
    }

    /** From a hash of 32 bytes. */
    static CredentialHash of(byte[] hash) {
        return new CredentialHash(
                (long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8), (long) LONGS.get(hash, 16), (long)
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
        return other instanceof CredentialHash hash
                && ((first ^ hash.first) | (second ^ hash.second) | (third ^ hash.third) | (fourth ^ hash.fourth)) == 0;
    }

    @Override
    public int hashCode() {
        return (int) first;
    }
}
