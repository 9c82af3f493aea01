package io.hemline.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hemline.store.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The bucket of a test's S3 server, with the objects of a store in a folder. */
final class S3Bucket {

    static final String URL = "s3://models/fashion";

    private final S3Server server;
    private final S3Objects objects;

    S3Bucket(S3Server server) {
        this.server = server;
        this.objects = new S3Objects(S3Location.parse(URL), connection(server.endpoint(), S3Server.SECRET_KEY));
    }

    /** With a timeout long enough for a busy machine. */
    static S3Connection connection(URI endpoint, String secret) {
        return connection(endpoint, secret, Duration.ofSeconds(30));
    }

    static S3Connection connection(URI endpoint, String secret, Duration call) {
        return new S3Connection(
                endpoint,
                Region.US_EAST_1,
                StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.ACCESS_KEY, secret)),
                call,
                call,
                call);
    }

    ModelStore store(Path cache) {
        return store(cache, SignaturePolicy.UNCHECKED);
    }

    ModelStore store(Path cache, SignaturePolicy policy) {
        return store(S3Location.parse(URL), connection(server.endpoint(), S3Server.SECRET_KEY), cache, policy);
    }

    static ModelStore store(S3Location location, S3Connection connection, Path cache, SignaturePolicy policy) {
        return new BackedModelStore(new S3Backend(location, connection, cache, policy));
    }

    /** Uploads all files of a store in a folder. */
    void upload(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            objects.write(folder.relativize(file).toString(), Files.readAllBytes(file));
        }
    }

    void write(String path, String text) {
        objects.write(path, text.getBytes(UTF_8));
    }

    void delete(String path) {
        objects.delete(path);
    }

    String read(String path) {
        return new String(objects.read(path, 1 << 20).orElseThrow().bytes(), UTF_8);
    }

    List<String> names(String folder) {
        return objects.list(folder).stream().map(S3Objects.Entry::name).toList();
    }
}
