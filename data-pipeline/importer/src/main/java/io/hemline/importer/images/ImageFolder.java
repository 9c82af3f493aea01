package io.hemline.importer.images;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.core.Question.TrendQuestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The images of trends in a folder, matched by name: {@code wideleg.jpg}, {@code vn_wideleg.png}, {@code wideleg_2.webp},
 * {@code wideleg/anything.jpeg}.
 *
 * <p>Confined to one thread.
 */
public final class ImageFolder {

    private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".webp");

    private final Path folder;
    private final ImageNames names;
    private final Ledger ledger;
    private final Map<TrendQuestion, List<Path>> images = new HashMap<>();

    /** Trends of several markets mostly share their images. */
    private final Map<List<Path>, Optional<float[]>> embeddings = new HashMap<>();

    private ImageFolder(Path folder, ImageNames names, Ledger ledger) {
        this.folder = folder;
        this.names = names;
        this.ledger = ledger;
    }

    /** Lists the folder. Files that belong to no trend are told; hidden ones, whose name begins with a point, are not. */
    public static ImageFolder read(Path folder, Collection<TrendRecord> trends, Ledger ledger) {
        ImageFolder read = new ImageFolder(folder, new ImageNames(trends), ledger);
        for (Path entry : list(folder)) {
            if (Files.isDirectory(entry)) {
                String trend = String.valueOf(entry.getFileName());
                list(entry).forEach(image -> read.add(image, trend));
            } else {
                read.add(entry, withoutExtension(String.valueOf(entry.getFileName())));
            }
        }
        return read;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new ImportException(folder + " is no folder of images", e);
        } catch (IOException | UncheckedIOException e) {
            throw new ImportException(folder + " cannot be read: " + e, e);
        }
    }

    private void add(Path file, String name) {
        List<TrendQuestion> trends = names.trends(name);
        if (trends.isEmpty()) {
            unmatched(file, "no imported trend is named \"" + name + "\"");
        } else if (!Files.isRegularFile(file) || extension(file.toString()).isEmpty()) {
            unmatched(file, "not a file named " + String.join(", ", EXTENSIONS));
        } else {
            trends.forEach(trend ->
                    images.computeIfAbsent(trend, unused -> new ArrayList<>()).add(file));
        }
    }

    private void unmatched(Path file, String reason) {
        ledger.apply(Rule.UNMATCHED_FILE, ImagePlace.of(file), reason);
    }

    private static String withoutExtension(String name) {
        return name.substring(0, name.length() - extension(name).length());
    }

    private static String extension(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream().filter(lower::endsWith).findFirst().orElse("");
    }

    /** The trend with the mean embedding of its images; unchanged, which is told, if it has no usable one. */
    public TrendRecord apply(TrendRecord trend, ImageEmbeddings encoder) {
        List<Path> own = images.getOrDefault(new TrendQuestion(trend.trend(), trend.market()), List.of());
        Optional<float[]> embedding =
                embeddings.computeIfAbsent(own, unused -> Optional.ofNullable(encoder.embed(own)));
        if (embedding.isEmpty()) {
            ledger.apply(Rule.TREND_WITHOUT_IMAGE, ImagePlace.of(folder), trend.market() + "/" + trend.trend());
            return trend;
        }
        return new TrendRecord(
                trend.trend(),
                trend.market(),
                trend.gender(),
                trend.category(),
                trend.firstSeen(),
                trend.lastWeek(),
                trend.featuresAsOf(),
                trend.volume(),
                trend.influencerShare(),
                trend.sentiment(),
                trend.engagement(),
                embedding.get(),
                encoder.encoderDigest());
    }
}
