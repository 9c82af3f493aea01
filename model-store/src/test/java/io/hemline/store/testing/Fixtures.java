package io.hemline.store.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The stores of {@code fixtures/store} and the schemas beside them. */
public final class Fixtures {

    public static final ObjectMapper JSON = new ObjectMapper();

    private static final Path STORES = Path.of("fixtures", "store");

    private Fixtures() {}

    /** The store of one case; tests only read it. */
    public static Path store(String name) {
        return STORES.resolve(name);
    }

    public static Path version(String name, int version) {
        return store(name).resolve("trend/versions").resolve(Integer.toString(version));
    }

    /** The entries of {@code cases.json}. */
    public static List<JsonNode> cases() {
        return StreamSupport.stream(json(STORES.resolve("cases.json")).spliterator(), false)
                .toList();
    }

    public static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonSchema schema(String path) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(json(Path.of(path)));
    }

    /** A copy of one case's store that a test may change. */
    public static Path copy(String name, Path folder) {
        Path from = store(name);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = folder.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a version to a copied store by copying another of its versions. */
    public static void addVersion(Path store, int from, int to) {
        Path versions = store.resolve("trend/versions");
        try (Stream<Path> files = Files.list(versions.resolve(Integer.toString(from)))) {
            Path folder = Files.createDirectories(versions.resolve(Integer.toString(to)));
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
