package io.hemline.serving.forecasts;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Series;
import io.hemline.serving.forecasts.AnswerForm.AnswerWriter;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.InvalidFields;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Question: what does it cost to read a question with a series of 104 weeks, and to write the forecast that answers it?
 *
 * <p>Command: {@code make bench SUITE=pieces ARGS=JsonBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JsonBenchmark {

    private static final int WEEKS = 104;
    private static final int CONTEXT = 208;

    private final Random random = new Random(7);
    private final HttpConfig config = HttpConfig.defaults();
    private final double[] volume = random.doubles(WEEKS, 1, 1000)
            .map(value -> Math.round(value * 100) / 100.0)
            .toArray();
    private final byte[] body = question();
    private final ParsedRequest asked = ForecastsReader.read(body, config, false, new InvalidFields());
    private final Answer answer = Answer.made(List.of(forecast()), new ModelIdentity("trend", "7", "ab".repeat(32)));

    @Benchmark
    public ParsedRequest readQuestion() {
        return ForecastsReader.read(body, config, false, new InvalidFields());
    }

    @Benchmark
    public byte[] writeAnswer() {
        return AnswerWriter.full(asked, answer);
    }

    private byte[] question() {
        String series = IntStream.range(0, WEEKS)
                .mapToObj(week -> Double.toString(volume[week]))
                .collect(Collectors.joining(",", "[", "]"));
        return ("{\"items\":[{\"series\":" + series + ",\"last_week\":\"2026-11-16\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Forecast forecast() {
        Features features = new Features(
                null,
                null,
                Series.of(LocalDate.of(2026, 11, 16), volume),
                Attributes.UNKNOWN,
                null,
                "2026-11-16",
                false,
                List.of());
        float[][] quantiles = new float[Forecast.HORIZON][3];
        for (float[] week : quantiles) {
            for (int level = 0; level < week.length; level++) {
                week[level] = 100 * (level + random.nextFloat());
            }
        }
        Drivers drivers = new Drivers(List.of("volume", "season", "market"), weights(3), weights(CONTEXT));
        return new Forecast(features, quantiles, TrendClass.RISING, drivers);
    }

    private float[] weights(int count) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = random.nextFloat() / count;
        }
        return weights;
    }
}
