package io.hemline.serving.forecasts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.forecasts.ForecastWriter.Mondays;
import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MondaysTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-16, 0, 2026-11-16",
        "2026-11-16, 1, 2026-11-23",
        "2026-11-16, -207, 2022-11-28",
        "1970-01-05, -1, 1969-12-29",
        "1900-01-01, -519, 1890-01-20",
        "2199-12-30, 13, 2200-03-31",
        "0001-01-01, 0, 0001-01-01",
        "9998-12-28, 13, 9999-03-29",
    })
    void writesEveryWeek(LocalDate monday, int weeksAfter, String written) {
        String first = Mondays.written(monday, weeksAfter).getValue();
        String again = Mondays.written(monday, weeksAfter).getValue();

        assertThat(first).isEqualTo(written);
        assertThat(again).isEqualTo(written);
    }
}
