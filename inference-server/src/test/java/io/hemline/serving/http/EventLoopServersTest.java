package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLoopServersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void spreadsTheConnectionsOfOnePortOverItsEventLoops(int loops) throws Exception {
        try (TestListener listener = TestListener.onLoops(loops)) {
            Set<String> threads = ConcurrentHashMap.newKeySet();
            listener.forecaster.answerInstead(request -> {
                threads.add(Thread.currentThread().getName());
                return listener.forecaster.answer(request);
            });
            List<Socket> connections = new ArrayList<>();

            for (int i = 0; i < 2 * loops; i++) {
                Socket connection = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                connections.add(connection);
                connection
                        .getOutputStream()
                        .write(("GET /predict?hashtags=h" + i + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(connection.getInputStream().read()).isEqualTo('H');
            }

            assertThat(threads).hasSize(loops).allMatch(name -> name.startsWith("vert.x-eventloop-thread-"));
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void givesEachListenerOfOneVertxAFreePortOfItsOwn(int loops) {
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(TestListener.await(servers(vertx, loops).listen()).actualPort())
                    .isPositive()
                    .isNotEqualTo(
                            TestListener.await(servers(vertx, loops).listen()).actualPort());
        } finally {
            TestListener.await(vertx.close());
        }
    }

    private static EventLoopServers servers(Vertx vertx, int loops) {
        return new EventLoopServers(
                vertx,
                loops,
                0,
                port -> vertx.createHttpServer(
                                new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                        .requestHandler(request -> request.response().end()));
    }
}
