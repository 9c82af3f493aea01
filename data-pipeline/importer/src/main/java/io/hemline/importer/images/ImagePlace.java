package io.hemline.importer.images;

import io.hemline.importer.report.Place;
import java.nio.file.Path;

/** Names a file in the account of an import. */
final class ImagePlace {

    private ImagePlace() {}

    /** The path, without characters that a terminal would act on. */
    static Place of(Path file) {
        return new Place(file.toString().replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD"), 0, 0);
    }
}
