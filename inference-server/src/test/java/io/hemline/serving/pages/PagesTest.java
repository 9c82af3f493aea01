package io.hemline.serving.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    private static TestListener listener;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/docs/"})
    void servesAllThatAPageNeedsItself(String path) {
        HttpResponse<String> page = listener.get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("script-src 'self'"));
        assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
        Matcher links = LINK.matcher(page.body());
        while (links.find()) {
            if (links.group(1).equals("v2")) {
                continue;
            }
            assertThat(listener.get(URI.create(path).resolve(links.group(1)).toString())
                            .statusCode())
                    .as(links.group(1))
                    .isEqualTo(200);
        }
    }

    @Test
    void answersLivenessAndReadiness() {
        assertThat(listener.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(listener.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
        assertThat(listener.get("/health/ready").headers().firstValue("Cache-Control"))
                .hasValue("no-store");
    }

    @Test
    void isNotReadyWithoutAModel() {
        listener.ready = false;

        HttpResponse<String> response = listener.get("/health/ready");
        listener.ready = true;

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(response.body()).contains("urn:hemline:problem:not-ready");
    }
}
