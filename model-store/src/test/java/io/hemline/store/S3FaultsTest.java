package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import io.hemline.store.testing.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on S3 while S3 is unreachable, slow or refuses the credentials. */
class S3FaultsTest {

    @TempDir
    Path folder;

    private S3Server server;
    private S3Bucket bucket;
    private ModelStore store;

    @BeforeEach
    void uploadTheGoodStore() throws IOException {
        server = S3Server.start(folder);
        bucket = new S3Bucket(server);
        bucket.upload(Fixtures.store("good"));
        store = bucket.store(folder.resolve("cache"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void usesTheCacheWhileS3IsUnreachableAndTheBucketAfterwards() throws Exception {
        store.desired("trend", Channel.STABLE);
        store.verify("trend", 1);
        server.kill();

        assertThatThrownBy(() -> store.desired("trend", Channel.STABLE))
                .isInstanceOf(S3Objects.Unreachable.class)
                .hasMessageContaining("cannot be reached");
        assertThat(store.lastKnown("trend", Channel.STABLE)).hasValue(1);
        assertThat(store.verify("trend", 1).version()).isEqualTo(1);
        assertThat(store.stamp("trend", 1)).isNotEmpty();
        assertThatThrownBy(() -> store.verify("trend", 2)).isInstanceOf(S3Objects.Unreachable.class);

        server.restart();
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
        assertThat(store.verify("trend", 2).version()).isEqualTo(2);
    }

    @Test
    void reportsWrongCredentialsWithoutShowingThem() {
        ModelStore unauthorized = store(server.endpoint(), "not-the-secret", Duration.ofSeconds(30));

        assertThatThrownBy(() -> unauthorized.desired("trend", Channel.STABLE))
                .hasMessageContaining("403")
                .hasMessageContaining("check the credentials")
                .hasMessageNotContaining("not-the-secret");
    }

    @Test
    void reportsAMissingBucket() {
        ModelStore missing = S3Bucket.store(
                S3Location.parse("s3://elsewhere/fashion"),
                S3Bucket.connection(server.endpoint(), S3Server.SECRET_KEY),
                folder.resolve("cache"),
                SignaturePolicy.UNCHECKED);

        assertThatThrownBy(() -> missing.versions("trend")).hasMessageContaining("there is no bucket elsewhere");
    }

    @Test
    void aPointerToAMissingVersionIsReadAndTheVersionRefused() {
        bucket.write("trend/channels/stable", "7\n");

        assertThat(store.desired("trend", Channel.STABLE)).hasValue(7);
        assertThatThrownBy(() -> store.verify("trend", 7))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining("s3://models/fashion/trend/versions/7/");
        assertThat(store.stamp("trend", 7)).isEmpty();
    }

    @Test
    void timesOutOnASilentEndpoint() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ModelStore waiting = store(endpoint(silent), S3Server.SECRET_KEY, Duration.ofMillis(300));

            assertThatThrownBy(() -> waiting.desired("trend", Channel.STABLE))
                    .isInstanceOf(S3Objects.Unreachable.class);
        }
    }

    @Test
    void timesOutOnAnEndpointThatSendsSlowly() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread sender = new Thread(() -> sendSlowly(slow), "slow-sender");
            sender.setDaemon(true);
            sender.start();
            ModelStore waiting = store(endpoint(slow), S3Server.SECRET_KEY, Duration.ofMillis(500));

            assertThatThrownBy(() -> waiting.desired("trend", Channel.STABLE))
                    .isInstanceOf(S3Objects.Unreachable.class);
        }
    }

    private ModelStore store(URI endpoint, String secret, Duration call) {
        return S3Bucket.store(
                S3Location.parse(S3Bucket.URL),
                S3Bucket.connection(endpoint, secret, call),
                folder.resolve("cache"),
                SignaturePolicy.UNCHECKED);
    }

    private static URI endpoint(ServerSocket socket) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Sends one byte every 100 ms. */
    private static void sendSlowly(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 50; i++) {
                    out.write('1');
                    out.flush();
                    Thread.sleep(100);
                }
            } catch (IOException e) {
                // The client closed the connection.
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
