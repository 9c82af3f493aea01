package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.security.Quotas.QuotaConfig;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A quota of three requests an hour, with a clock that stands still. */
class QuotaTest {

    private static final String QUESTION = "/predict?hashtags=wideleg&market=vn";

    private final TestListener listener = TestListener.with(
            new AccessPolicy(Authenticator.NONE, Quotas.of(new QuotaConfig(3, Duration.ofHours(1), 100), () -> 0)));

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void refusesTheFourthRequestAndSaysWhenToComeBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(listener.get(QUESTION).statusCode()).isEqualTo(200);
        }

        HttpResponse<String> refused = listener.get(QUESTION);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1200");
        assertThat(refused.headers().firstValue("RateLimit")).hasValue("\"per-client\";r=0;t=1200");
        assertThat(refused.headers().firstValue("RateLimit-Policy")).hasValue("\"per-client\";q=3;w=3600");
        assertThat(refused.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body())
                .contains("urn:hemline:problem:too-many-requests")
                .contains("At most 3 requests in 3600 seconds; try again in 1200 seconds.");
    }

    @Test
    void countsCachedResponsesAndNamesThePolicyInThem() {
        listener.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
        HttpResponse<String> first = listener.get(QUESTION);
        HttpResponse<String> hit = listener.get(QUESTION);
        listener.get(QUESTION);

        assertThat(first.headers().firstValue("RateLimit-Policy")).hasValue("\"per-client\";q=3;w=3600");
        assertThat(hit.headers().firstValue("Cache-Status")).get().asString().contains("hit");
        assertThat(hit.headers().allValues("RateLimit-Policy")).containsExactly("\"per-client\";q=3;w=3600");
        assertThat(listener.get(QUESTION).statusCode()).isEqualTo(429);
    }

    @Test
    void neverCountsHealthAndPages() {
        for (int i = 0; i < 5; i++) {
            assertThat(listener.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(listener.get("/openapi.json").statusCode()).isEqualTo(200);
        }
        assertThat(listener.get(QUESTION).statusCode()).isEqualTo(200);
    }

    @Test
    void countsPostedQuestionsToo() {
        for (int i = 0; i < 3; i++) {
            listener.get(QUESTION);
        }

        assertThat(listener.post("/predict", "{\"hashtags\":[\"wideleg\"]}").statusCode())
                .isEqualTo(429);
    }
}
