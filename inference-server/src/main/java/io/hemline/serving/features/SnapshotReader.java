package io.hemline.serving.features;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads a snapshot: one trend a line, JSON, gzipped. */
final class SnapshotReader {

    private SnapshotReader() {}

    static Collection<KnownTrend> read(Path file) {
        Map<String, KnownTrend> trends = new LinkedHashMap<>();
        int number = 0;
        try (BufferedReader lines = lines(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                KnownTrend trend = TrendRecordReader.parse(line);
                if (trends.put(trend.hashtag() + "\n" + trend.market(), trend) != null) {
                    throw new IllegalArgumentException(
                            "trend: \"" + trend.hashtag() + "\" stands twice in market \"" + trend.market() + "\"");
                }
            }
        } catch (NoSuchFileException e) {
            throw new InvalidSnapshot(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InvalidSnapshot(file + ", after line " + number + ": cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new InvalidSnapshot(file + ", line " + number + ", " + e.getMessage(), e);
        }
        return trends.values();
    }

    private static BufferedReader lines(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file), 1 << 16),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }
}
