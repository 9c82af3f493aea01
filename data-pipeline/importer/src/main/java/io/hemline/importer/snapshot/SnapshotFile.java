package io.hemline.importer.snapshot;

import io.hemline.importer.report.ImportException;
import io.hemline.serving.core.Question.TrendQuestion;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A feature snapshot, {@code features.jsonl.gz}: gzipped JSON Lines, one trend a line. */
public final class SnapshotFile {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Far above the longest line of 520 weeks and an embedding; a longer one is no trend. */
    private static final int MAX_LINE_BYTES = 1 << 20;

    private SnapshotFile() {}

    /**
     * Reads a snapshot strictly.
     *
     * @throws ImportException that names the invalid line and field
     */
    public static List<TrendRecord> read(Path file) {
        List<TrendRecord> trends = new ArrayList<>();
        Set<TrendQuestion> seen = new HashSet<>();
        int number = 0;
        try (InputStream in =
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), BUFFER_BYTES), BUFFER_BYTES)) {
            while (true) {
                number++;
                byte[] line = line(in);
                if (line.length == 0 && atEnd(in)) {
                    return trends;
                }
                TrendRecord trend = TrendReader.read(line);
                if (!seen.add(new TrendQuestion(trend.trend(), trend.market()))) {
                    throw new IllegalArgumentException(
                            "trend: \"" + trend.trend() + "\" stands twice in market \"" + trend.market() + "\"");
                }
                trends.add(trend);
            }
        } catch (NoSuchFileException e) {
            throw new ImportException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new ImportException(
                    file + ": cannot be read after line " + (number - 1) + ": " + reason(e)
                            + "; remove the file to begin a new snapshot",
                    e);
        } catch (IllegalArgumentException e) {
            throw new ImportException(
                    file + ", line " + number + ", " + e.getMessage() + "; remove the file to begin a new snapshot", e);
        }
    }

    /**
     * Writes a snapshot, sorted by market and trend; equal trends give equal bytes. The file is replaced as a whole, or
     * stays as it is.
     *
     * @throws ImportException if it cannot be written
     * @throws IllegalArgumentException if a trend breaks the schema or stands twice
     */
    public static void write(Path file, Collection<TrendRecord> trends) {
        List<TrendRecord> sorted = trends.stream().sorted(TrendRecord.ORDER).toList();
        for (int i = 0; i < sorted.size(); i++) {
            sorted.get(i).check();
            if (i > 0 && TrendRecord.ORDER.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                throw new IllegalArgumentException("trend: \"" + sorted.get(i).trend() + "\" stands twice");
            }
        }
        try {
            AtomicFile.write(file, out -> {
                // The header of the JDK's stream holds no time.
                try (GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER_BYTES)) {
                    TrendJson.write(gzip, sorted);
                }
            });
        } catch (IOException e) {
            throw new ImportException(file + ": cannot be written: " + reason(e), e);
        }
    }

    /** The bytes up to the end of the line. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != -1 && next != '\n'; next = in.read()) {
            if (line.size() == MAX_LINE_BYTES) {
                throw new IllegalArgumentException("over " + MAX_LINE_BYTES + " bytes: it is no trend");
            }
            line.write(next);
        }
        return line.toByteArray();
    }

    private static boolean atEnd(InputStream in) throws IOException {
        in.mark(1);
        boolean end = in.read() == -1;
        in.reset();
        return end;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
