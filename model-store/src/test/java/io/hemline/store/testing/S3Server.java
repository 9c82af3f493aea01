package io.hemline.store.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A real S3 server, VersityGW, in its own process, on a free port and a folder of the test. */
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "tester";
    public static final String SECRET_KEY = "tester-secret";

    private static final Path PROGRAM = Path.of("..", ".cache", "bin", "versitygw");
    private static final int MAX_POLLS = 600;

    private final Path folder;
    private final int port;
    private Process process;

    private S3Server(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.process = spawn();
    }

    /** Starts a server with the bucket {@code models}; skips the test where the program was not built. */
    public static S3Server start(Path folder) {
        assumeTrue(Files.isExecutable(PROGRAM), "no S3 server to test with: `make .cache/bin/versitygw` builds it");
        try {
            int port = freePort();
            Files.createDirectories(folder.resolve("data/models"));
            Files.createDirectories(folder.resolve("meta"));
            S3Server server = new S3Server(folder, port);
            server.awaitHealth();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Kills the process. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts the server again on the same port and folder. */
    public void restart() throws IOException {
        process = spawn();
        awaitHealth();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process spawn() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                PROGRAM.toAbsolutePath().toString(),
                "-q",
                "--port",
                "127.0.0.1:" + port,
                "posix",
                "--sidecar",
                folder.resolve("meta").toString(),
                folder.resolve("data").toString());
        builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
        builder.environment().put("VGW_HEALTH", "/health");
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile());
        return builder.start();
    }

    private void awaitHealth() throws IOException {
        for (int poll = 0; poll < MAX_POLLS && process.isAlive(); poll++) {
            if (healthy()) {
                return;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new IOException("the S3 server did not start: " + Files.readString(folder.resolve("server.log")));
    }

    private boolean healthy() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint().resolve("/health").toURL().openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
