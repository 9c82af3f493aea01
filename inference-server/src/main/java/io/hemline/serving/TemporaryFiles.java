package io.hemline.serving;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Checks the folder of the JVM's temporary files: libraries need it, and their own messages do not name it. */
final class TemporaryFiles {

    static final String SETTING = "java.io.tmpdir";

    private TemporaryFiles() {}

    /** Makes a file there and deletes it; fails if that cannot be done. */
    static void require() throws StartException {
        String folder = System.getProperty(SETTING, "");
        try {
            Files.delete(Files.createTempFile(Path.of(folder), "hemline-", ".tmp"));
        } catch (IOException | InvalidPathException e) {
            throw new StartException(
                    "no temporary file can be made in " + folder + ": " + reason(e) + "; HEMLINE_JAVA_OPTS=-D" + SETTING
                            + "=FOLDER names another folder",
                    e);
        }
    }

    private static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        return failure instanceof AccessDeniedException
                ? "it may not be written"
                : String.valueOf(failure.getMessage());
    }
}
