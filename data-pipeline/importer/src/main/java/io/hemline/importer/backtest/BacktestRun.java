package io.hemline.importer.backtest;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.weekly.WeeklySeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A back-test by a running server, or by one that is started for it.
 *
 * <p>Confined to one thread.
 *
 * @param origins at most so many a series, 13 weeks apart
 * @param shortest history in weeks
 * @param server address of a running server; null to start one
 * @param apiKey for that server
 */
public record BacktestRun(
        int origins,
        int shortest,
        @Nullable String server,
        @Nullable String apiKey) {

    /** Texts of a back-test. */
    public record Result(String text, String json, String picture) {}

    /** Forecasts every trial of the series; {@code progress} is told how many are done. */
    public Result on(List<WeeklySeries> series, IntConsumer progress) {
        Backtest.trials(series, origins, shortest);
        if (server != null) {
            return result(series, server, progress);
        }
        String home = System.getProperty("hemline.home");
        if (home == null) {
            throw new ImportException("--server is needed: the command was not started by ./hemline");
        }
        try (EmbeddedServer own = EmbeddedServer.start(Path.of(home))) {
            return result(series, own.address(), progress);
        }
    }

    private Result result(List<WeeklySeries> series, String address, IntConsumer progress) {
        Backtest backtest = Backtest.run(series, origins, shortest, new ForecastClient(address, apiKey), progress);
        return new Result(BacktestReport.text(backtest), BacktestReport.json(backtest), Picture.of(backtest));
    }

    /** Writes the picture. */
    public static void write(Path file, String picture) {
        try {
            Files.writeString(file, picture);
        } catch (IOException e) {
            throw new ImportException("--picture: " + file + " cannot be written: " + e, e);
        }
    }
}
