package io.hemline.serving.security;

import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.security.testing.Certificate;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsCertificateTest {

    @TempDir
    private Path folder;

    @Test
    void updatesAPairThatWasReplacedBeforeTheListenerWasBound() throws Exception {
        Path certFile = folder.resolve("cert.pem");
        Path keyFile = folder.resolve("key.pem");
        Certificate first = Certificate.make(folder, "first");
        Certificate second = Certificate.make(folder, "second");
        write(first, certFile, keyFile);
        Vertx vertx = Vertx.vertx();
        TlsCertificate tls =
                new TlsCertificate(new TlsConfig(certFile, keyFile), vertx, "one", new SimpleMeterRegistry());
        try {
            HttpServerOptions options = tls.addTo(new HttpServerOptions());
            write(second, certFile, keyFile);
            HttpServer server = await(vertx.createHttpServer(options)
                    .requestHandler(request -> request.response().end())
                    .listen(0, "127.0.0.1"));
            tls.follow(server);

            TestServer.until("the second certificate is served", () -> isServed(second, server.actualPort()));
        } finally {
            tls.close();
            await(vertx.close());
        }
    }

    private static void write(Certificate certificate, Path certFile, Path keyFile) {
        certificate.writeCertificate(certFile);
        certificate.writeKey(keyFile);
    }

    private static boolean isServed(Certificate certificate, int port) {
        try (SSLSocket socket =
                (SSLSocket) certificate.trust().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
