package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void continuesTheTraceOfTheClient() {
        TraceContext trace = TraceContext.of(List.of("00-" + TRACE + "-" + SPAN + "-01"));

        assertThat(trace).isEqualTo(new TraceContext(TRACE, SPAN, true));
    }

    @Test
    void keepsTheSampledFlagOfTheClient() {
        TraceContext trace = TraceContext.of(List.of("00-" + TRACE + "-" + SPAN + "-00"));

        assertThat(trace).isEqualTo(new TraceContext(TRACE, SPAN, false));
    }

    @Test
    void passesOverWhatALaterVersionAdds() {
        TraceContext trace = TraceContext.of(List.of("cc-" + TRACE + "-" + SPAN + "-01-what-the-future-holds"));

        assertThat(trace.traceId()).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-1x",
            })
    void beginsATraceWithoutAValidTraceparent(String line) {
        TraceContext trace = TraceContext.of(List.of(line));

        assertThat(trace.traceId()).matches("[0-9a-f]{32}").isNotEqualTo(TRACE);
        assertThat(trace.parentId()).isNull();
    }

    @Test
    void believesNeitherOfTwoLines() {
        String line = "00-" + TRACE + "-" + SPAN + "-01";

        TraceContext trace = TraceContext.of(List.of(line, line));

        assertThat(trace.traceId()).isNotEqualTo(TRACE);
    }
}
