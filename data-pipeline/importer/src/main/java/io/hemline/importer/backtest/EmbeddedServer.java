package io.hemline.importer.backtest;

import io.hemline.importer.report.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of one's own as a child process, on free ports; it ends with this process.
 *
 * <p>Confined to one thread.
 */
final class EmbeddedServer implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("console +(http://\\S+)/");
    private static final long START_SECONDS = 60;

    private final Process process;
    private final Path log;
    private final Thread hook;
    private final String address;

    private EmbeddedServer(Process process, Path log) throws InterruptedException, IOException {
        this.process = process;
        this.log = log;
        this.hook = new Thread(this::stop, "hemline-backtest-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            this.address = waitForAddress();
        } catch (InterruptedException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts the launcher of a checkout with its settings from the environment, and waits until it is ready. */
    static EmbeddedServer start(Path home) {
        try {
            Path log = Files.createTempFile("hemline-backtest-", ".log");
            ProcessBuilder builder = new ProcessBuilder(
                    home.resolve("hemline").toString(),
                    "serve",
                    "--set",
                    "http.port=0",
                    "--set",
                    "admin.port=0",
                    "--set",
                    "grpc.port=-1",
                    "--set",
                    "auth.mode=none",
                    "--set",
                    "warm-up.budget=0s");
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            return new EmbeddedServer(builder.start(), log);
        } catch (IOException e) {
            throw new ImportException("the server cannot be started: " + e + "; name a running one by --server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportException("interrupted", e);
        }
    }

    String address() {
        return address;
    }

    private String waitForAddress() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < deadline) {
            String text = Files.readString(log);
            Matcher found = ADDRESS.matcher(text);
            if (found.find()) {
                return found.group(1);
            }
            if (!process.isAlive()) {
                String last = text.lines().reduce("", (before, line) -> line.isBlank() ? before : line);
                throw new ImportException("the server did not start: " + last);
            }
            Thread.sleep(50);
        }
        throw new ImportException("the server was not ready within " + START_SECONDS + " s");
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            Files.deleteIfExists(log);
        } catch (IllegalStateException | IOException e) {
            // The process ends already, or the log stays among the temporary files.
            log.toFile().deleteOnExit();
        }
    }
}
