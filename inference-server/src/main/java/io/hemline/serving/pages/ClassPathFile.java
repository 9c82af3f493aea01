package io.hemline.serving.pages;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads files of the class path. */
public final class ClassPathFile {

    private ClassPathFile() {}

    /** The bytes of a file beside this class, or of an absolute path on the class path. */
    public static byte[] read(String path) {
        try (InputStream in = ClassPathFile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new FileNotFoundException(path + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
