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

/** Spoilt wishes of operators: each is granted or refused with a problem, and none breaks the listener. */
class StrangeWishesTest {

    private static final long SEED = 20_261_124;
    private static final int ROUNDS = 300;
    private static final String WISH = "{\"version\": \"1\", \"channel\": \"canary\"}";
    private static final List<String> PIECES = List.of(
            "{", "}", "[", "null", "-1", "1e9", "99999999999999999999", "\"", "\\u0000", "../..", "stable ", "true");

    @TempDir
    private Path folder;

    @Test
    void areAnswered() throws Exception {
        Random random = new Random(SEED);
        try (TestServer house = TestServer.of(folder, "good")) {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder wish = new StringBuilder(WISH);
                for (int spoils = 1 + random.nextInt(3); spoils > 0; spoils--) {
                    int at = random.nextInt(wish.length());
                    switch (random.nextInt(3)) {
                        case 0 -> wish.delete(at, Math.min(wish.length(), at + 1 + random.nextInt(8)));
                        case 1 -> wish.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                        default -> wish.setCharAt(at, (char) (1 + random.nextInt(0x3000)));
                    }
                    wish.append(' ');
                }
                String path = random.nextBoolean() ? "/models/trend/promote" : "/models/trend/rollback";

                HttpResponse<String> answer = house.admin(path, wish.toString());

                assertThat(answer.statusCode()).as(path + " " + wish).isIn(200, 400, 409, 422);
                assertThat(new JsonObject(answer.body()).isEmpty()).isFalse();
            }
            assertThat(house.admin("/metrics").statusCode()).isEqualTo(200);
            assertThat(house.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }
}
