package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed HTTP/1 requests, for cached and for uncached responses. */
class StrictRequestsTest {

    private static final String REMEMBERED = "/predict?hashtags=wideleg";
    private static final List<String> TARGETS = List.of(REMEMBERED, "/health/live");

    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open();
        listener.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
        listener.get(REMEMBERED);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: x:abc",
                "Host: x:70000",
                "Host: x:80:80",
                "Host: [::1",
                "Host: [::1]x",
                "Host: [::g]",
                "Host: [x]",
                "Host: ::1",
                "Host: x@y",
                "Host: x/y",
                "Host: x y",
                "Host: x%zz",
                "Host: \u00e9",
                "Host: :80",
                "Host:",
                "X: y",
                "Host: x\r\nHost: x",
                "Host: x\r\nhost: y",
            })
    void refusesARequestThatNamesNoHostOrSeveral(String lines) throws IOException {
        for (String target : TARGETS) {
            String answer = raw("GET " + target + " HTTP/1.1\r\n" + lines + "\r\n\r\n");

            assertRefused(answer, 400);
            assertThat(answer).contains("\"detail\":\"Host ");
        }
        assertThat(malformed(400)).isEqualTo(TARGETS.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "x:",
                "X.example:8080",
                "a_b.example",
                "127.0.0.1:80",
                "[::1]",
                "[2001:db8::1]:65535",
                "a%20b",
                "xn--bcher-kva.example."
            })
    void takesWhatIsAHost(String host) throws IOException {
        for (String target : TARGETS) {
            // 421: it is well-formed and no name of this listener.
            assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .matches("(?s)HTTP/1.1 (200|421) .*");
        }
    }

    @Test
    void takesARequestOfTheOldVersionWithoutAHostButNotWithTwo() throws IOException {
        assertThat(raw("GET " + REMEMBERED + " HTTP/1.0\r\n\r\n")).contains(" 200 OK");
        assertRefused(raw("GET " + REMEMBERED + " HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n"), 400);
        assertRefused(raw("GET " + REMEMBERED + " HTTP/1.0\r\nHost: x@y\r\n\r\n"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {": b", "a b: c", " a: b", "a : b", "a", "a\u0000: b", "a: b\u0000c"})
    void refusesAHeaderLineThatIsNone(String line) throws IOException {
        for (String target : TARGETS) {
            assertRefused(raw("GET " + target + " HTTP/1.1\r\n" + line + "\r\nHost: x\r\n\r\n"), 400);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.2,505", "HTTP/2.0,505", "HTTP/0.9,505", "HTTP/1,400", "ICY/1.1,505", "http,400"})
    void refusesAnotherVersion(String version, int status) throws IOException {
        assertRefused(raw("GET " + REMEMBERED + " " + version + "\r\nHost: x\r\n\r\n"), status);
    }

    @ParameterizedTest
    @CsvSource({
        "chunked, 200",
        "Chunked, 200",
        "'gzip, chunked', 501",
        "'identity, chunked', 501",
        "'chunked, chunked', 400",
        "gzip, 400",
        "identity, 400",
        "xchunked, 400",
        "'chunked, gzip', 400",
        "'chunked;a=b', 400",
        "'', 400",
    })
    void readsBodiesInChunksAndInNoOtherCoding(String codings, int status) throws IOException {
        String answer = raw(post("Transfer-Encoding: " + codings, chunks("")));

        if (status == 200) {
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        } else {
            assertRefused(answer, status);
        }
    }

    @Test
    void readsTheCodingsOfSeveralLinesAsOneList() throws IOException {
        assertRefused(raw(post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", chunks(""))), 501);
        assertRefused(raw(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", chunks(""))), 400);
    }

    @Test
    void readsNothingBehindARequestWithAnAmbiguousEnd() throws IOException {
        String hidden = "GET " + REMEMBERED + " HTTP/1.1\r\nHost: x\r\n\r\n";

        assertRefused(raw(post("Transfer-Encoding: gzip", hidden + hidden)), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "\r\n{}\r\n0\r\n\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "ffffffffff\r\n{}\r\n0\r\n\r\n",
                "2\n{}\r\n0\r\n\r\n",
                "2;a=b\n{}\r\n0\r\n\r\n",
                "2;a\nb\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}x\r\n0\r\n\r\n",
                "2\r\n{}\n0\r\n\r\n",
                "2\r\n{}\r\n0\r\na\r\n\r\n",
                "2\r\n{}\r\n0\r\n: b\r\n\r\n",
                "2\r\n{}\r\n0\r\na b: c\r\n\r\n",
                "2\r\n{}\r\n0\r\na: b\n\r\n",
                "TRAILER",
                "EXTENSION",
            })
    void answersABodyWhoseChunksAreMalformedAndCountsIt(String body) throws IOException {
        String sent = body.replace("TRAILER", "2\r\n{}\r\n0\r\na: " + "b".repeat(40_000) + "\r\n\r\n")
                .replace("EXTENSION", "2;a=" + "b".repeat(70_000) + "\r\n{}\r\n0\r\n\r\n");

        assertRefused(raw(post("Transfer-Encoding: chunked", sent)), 400);
        assertThat(counted("/predict", "POST", 400)).isEqualTo(1);
    }

    @Test
    void answersWhatCameBeforeABrokenBodyFirst() throws IOException {
        String get = "GET /predict?hashtags=jorts HTTP/1.1\r\nHost: x\r\n\r\n";

        String answers = raw(get + get + post("Transfer-Encoding: chunked", "zz\r\n") + get);

        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
        assertThat(answers).containsSubsequence("HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 400");
    }

    @Test
    void closesAfterTheResponseToARequestWithAnUnreadMalformedBody() throws IOException {
        String head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        long start = System.nanoTime();

        String answer = raw(head + "zz\r\n" + "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2);
        assertThat(answer).startsWith("HTTP/1.1 404");
        // TestListener.raw returns after a second of silence where the connection stays open.
        assertThat(System.nanoTime() - start).isLessThan(900_000_000);
    }

    /** Parsers that accept the blanks read the same size, so none is misled; nginx refuses them. */
    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "  \t"})
    void overlooksBlanksBeforeASize(String blanks) throws IOException {
        assertThat(raw(post("Transfer-Encoding: chunked", chunks(blanks)))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void sendsNoInterimAnswerToAClientOfTheOldVersion() throws IOException {
        String body = "{\"hashtags\":[\"wideleg\"]}";
        String head = "Content-Length: " + body.length() + "\r\nExpect: 100-continue";

        assertThat(raw(post(head, body)))
                .startsWith("HTTP/1.1 100 Continue\r\n")
                .contains("HTTP/1.1 200 ");
        assertThat(raw(post(head, body).replace("HTTP/1.1", "HTTP/1.0")))
                .doesNotContain(" 100 ")
                .contains(" 200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "predict", "x:80", "ftp://x/", "http://x@y/", "http:///predict"})
    void refusesATargetThatIsNone(String target) throws IOException {
        assertRefused(raw("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
        assertThat(malformed(400)).isEqualTo(1);
    }

    @Test
    void takesAWholeAddressAsTarget() throws IOException {
        String answer = raw("GET http://x:80" + REMEMBERED + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void answersOptionsOfTheServerAsAWhole() throws IOException {
        String answer = raw("OPTIONS * HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n");

        assertThat(answer.toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 204 ")
                .contains("x-request-id: mine\r\n", "allow: get, head, post, options\r\n");
        assertThat(counted("other", "OPTIONS", 204)).isEqualTo(1);
    }

    @Test
    void countsAPathThatCannotBeRead() throws IOException {
        assertRefused(raw("GET /v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
        assertThat(malformed(400)).isEqualTo(1);
    }

    private static String post(String line, String body) {
        return "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + line + "\r\n\r\n" + body;
    }

    private static String chunks(String beforeSize) {
        return beforeSize + "6\r\n{\"hash\r\n" + beforeSize + "12\r\ntags\":[\"wideleg\"]}\r\n0\r\n\r\n";
    }

    /** One problem, and the connection ends with it. */
    private static void assertRefused(String answer, int status) {
        assertThat(answer).containsPattern("^HTTP/1\\.[01] " + status + " ");
        String lower = answer.toLowerCase(Locale.ROOT);
        assertThat(lower).contains("connection: close\r\n", "application/problem+json", "x-request-id: ");
        assertThat(lower.split("http/1\\.[01] \\d{3} ", -1)).hasSize(2);
    }

    private long malformed(int status) {
        return counted("malformed", "GET", status);
    }

    private long counted(String route, String method, int status) {
        var timer = listener.meters
                .find("http.request.duration")
                .tags("route", route, "method", method, "status", Integer.toString(status))
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private String raw(String request) throws IOException {
        return listener.raw(request.getBytes(StandardCharsets.ISO_8859_1));
    }
}
