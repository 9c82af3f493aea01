package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Randomly mutated bodies: each is accepted or rejected with a problem, and the listener keeps working. */
class MutatedRequestsTest {

    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 300;
    private static final String BODY = "{\"version\": \"1\", \"channel\": \"canary\"}";
    private static final List<String> FRAGMENTS = List.of(
            "{", "}", "[", "null", "-1", "1e9", "99999999999999999999", "\"", "\\u0000", "../..", "stable ", "true");

    @TempDir
    private Path folder;

    @Test
    void areAnsweredWithAKnownStatus() throws Exception {
        Random random = new Random(SEED);
        try (TestServer testServer = TestServer.of(folder, "good")) {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder body = new StringBuilder(BODY);
                for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
                    int at = random.nextInt(body.length());
                    switch (random.nextInt(3)) {
                        case 0 -> body.delete(at, Math.min(body.length(), at + 1 + random.nextInt(8)));
                        case 1 -> body.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                        default -> body.setCharAt(at, (char) (1 + random.nextInt(0x3000)));
                    }
                    body.append(' ');
                }
                String path = random.nextBoolean() ? "/models/trend/promote" : "/models/trend/rollback";

                HttpResponse<String> answer = testServer.admin(path, body.toString());

                assertThat(answer.statusCode()).as(path + " " + body).isIn(200, 400, 409, 422);
                assertThat(new JsonObject(answer.body()).isEmpty()).isFalse();
            }
            assertThat(testServer.admin("/metrics").statusCode()).isEqualTo(200);
            assertThat(testServer.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }
}
