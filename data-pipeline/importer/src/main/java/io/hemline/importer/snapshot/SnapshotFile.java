package io.hemline.importer.snapshot;

import io.hemline.importer.report.ImportException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Feature snapshots: gzipped JSON Lines, a trend a line by {@code model-store/feature-schema.json}. */
public final class SnapshotFile {

    private static final Comparator<TrendRecord> ORDER =
            Comparator.comparing(TrendRecord::market).thenComparing(TrendRecord::trend);

    private SnapshotFile() {}

    /** Reads a snapshot; an {@link ImportException} names the invalid line and field. */
    public static List<TrendRecord> read(Path file) {
        List<TrendRecord> trends = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                trends.add(TrendLine.parse(line));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ImportException(
                    file + ", line " + (trends.size() + 1) + ": the earlier import cannot be read: " + e.getMessage()
                            + "; move it away, or use --replace",
                    e);
        }
        return trends;
    }

    /** Replaces a snapshot as a whole: whatever fails before the end leaves the old one as it was. */
    public static void write(Path file, Collection<TrendRecord> trends) {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            part.toFile().deleteOnExit();
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                GZIPOutputStream gzip = new GZIPOutputStream(Channels.newOutputStream(channel), 1 << 16);
                BufferedWriter lines = new BufferedWriter(new OutputStreamWriter(gzip, StandardCharsets.UTF_8));
                for (TrendRecord trend : trends.stream().sorted(ORDER).toList()) {
                    lines.write(TrendLine.format(trend));
                    lines.write('\n');
                }
                lines.flush();
                gzip.finish();
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException unused) {
                e.addSuppressed(unused);
            }
            throw new ImportException(file + ": cannot be written: " + e, e);
        }
    }
}
