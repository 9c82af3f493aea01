package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.serving.http.testing.TestListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random queries of {@code /v1/trends} and {@code /v1/forecasts}, right and wrong: a right one is answered, a wrong
 * one gets each parameter at fault and no other, and nothing blames the server or waits.
 */
class StrangeQueriesTest {

    private static final long SEED = 20_261_126;
    private static final int ROUNDS = 1500;
    private static final String LONG = "a".repeat(101);

    private static final Map<String, List<Value>> TRENDS = Map.of(
            "market",
            List.of(
                    Value.good("vn"),
                    Value.good("us"),
                    Value.good("%76n"),
                    Value.late("atlantis", 422, ""),
                    Value.bad(""),
                    Value.bad("%00"),
                    Value.bad("%C3"),
                    Value.bad("v%zz"),
                    Value.bad(LONG)),
            "sort",
            List.of(Value.good("rising"), Value.bad("Rising"), Value.bad(""), Value.bad("rising,falling")),
            "limit",
            List.of(
                    Value.good("1"),
                    Value.good("500"),
                    Value.good("007"),
                    Value.bad("0"),
                    Value.bad("501"),
                    Value.bad("-1"),
                    Value.bad("+1"),
                    Value.bad("1e2"),
                    Value.bad("9".repeat(400)),
                    Value.bad("%D9%A1")),
            "cursor",
            List.of(
                    Value.good("cmlzaW5nCjNmMDAwMDAwCnZuCndpZGVsZWc"),
                    Value.good("cmlzaW5nCi0KCg"),
                    Value.bad("nonsense"),
                    Value.bad("cmlzaW5nCjNmMDAwMDAw"),
                    Value.bad("ZmFsbGluZwotCnVzCng"),
                    Value.bad("%E2%82%AC"),
                    Value.bad("=")));

    private static final Map<String, List<Value>> FORECASTS = Map.of(
            "hashtags",
            List.of(
                    Value.good("wideleg"),
                    Value.good("wideleg,CARGO,%23wideleg"),
                    Value.good("%F0%9F%98%80,%C3%BC"),
                    Value.good("a" + ",a".repeat(63)),
                    Value.late("cargo,unknown", 404, "/1"),
                    Value.bad(""),
                    Value.bad("a,,b", "/1"),
                    Value.bad("%23", "/0"),
                    Value.bad("a,b%07", "/1"),
                    Value.bad("a,b," + LONG, "/2"),
                    Value.bad("a" + ",a".repeat(64)),
                    Value.bad("%ED%A0%80"),
                    Value.bad("%"),
                    Value.bad("%4")),
            "market",
            List.of(
                    Value.good("vn"),
                    Value.good("nowhere"),
                    // ParsedRequest before trends are looked for, so that it wins over an unknown one.
                    Value.late("atlantis", 422, ""),
                    Value.bad(""),
                    Value.bad("%1F"),
                    Value.bad(LONG),
                    Value.bad("%FF")),
            "include",
            List.of(Value.good("history"), Value.bad("History"), Value.bad(""), Value.bad("history,history")));

    private static final List<String> PIECES = List.of(
            "hashtags",
            "market",
            "include",
            "sort",
            "limit",
            "cursor",
            "=",
            "&",
            "&&",
            ",",
            "%",
            "%2",
            "%00",
            "%C3%28",
            "%F0%9F%98%80",
            "+",
            ";",
            "?",
            "/",
            "..",
            "#",
            "\"",
            "<",
            "\\",
            "vn",
            "rising",
            "history",
            "500",
            "-0",
            "null",
            "[]",
            "a".repeat(300));

    private static TestListener listener;

    @BeforeAll
    static void open() {
        listener = TestListener.open();
    }

    @AfterAll
    static void close() {
        listener.close();
    }

    @Test
    void namesEachParameterOfTrendsThatIsAtFault() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            assertEachInvalidParameterIsNamed("/v1/trends", Asking.of(TRENDS, random), round);
        }
        assertThat(listener.http.running()).isZero();
    }

    @Test
    void namesEachParameterOfForecastsThatIsAtFault() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Asking asking = Asking.of(FORECASTS, random);
            if (!asking.values.containsKey("hashtags")) {
                asking.faults.add(JsonPointer.ROOT);
            }
            assertEachInvalidParameterIsNamed("/v1/forecasts", asking, round);
        }
        assertThat(listener.http.running()).isZero();
    }

    @Test
    void answersWhateverStandsBehindTheQuestionMark() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder target = new StringBuilder(random.nextBoolean() ? "/v1/trends?" : "/v1/forecasts?");
            for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
                target.append(PIECES.get(random.nextInt(PIECES.size())));
            }

            Reply reply = ask(target.toString());

            assertThat(reply.status).as(why(round, target.toString())).isIn(200, 400, 404, 422);
            if (reply.status == 422) {
                assertThat(reply.pointers()).as(why(round, target.toString())).isNotEmpty();
            }
        }
        assertThat(listener.http.running()).isZero();
    }

    private static void assertEachInvalidParameterIsNamed(String path, Asking asking, int round) throws IOException {
        String target = path + "?" + String.join("&", asking.parts);

        Reply reply = ask(target);

        String why = why(round, target);
        if (!asking.faults.isEmpty()) {
            assertThat(reply.status).as(why).isEqualTo(422);
            assertThat(reply.pointers()).as(why).isEqualTo(asking.faults);
            return;
        }
        Value late = asking.late();
        assertThat(reply.status).as(why).isEqualTo(late == null ? 200 : late.status);
        if (late != null) {
            assertThat(reply.body).as(why).contains("\"pointer\":\"#/");
        }
    }

    private static String why(int round, String target) {
        return "seed " + SEED + ", round " + round + ": " + target;
    }

    private static Reply ask(String target) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String answer = listener.raw(request.getBytes(StandardCharsets.US_ASCII));
        int end = answer.indexOf("\r\n\r\n");
        assertThat(answer).as(target).startsWith("HTTP/1.1 ").contains("\r\n\r\n");
        byte[] body = answer.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        return new Reply(Integer.parseInt(answer.substring(9, 12)), new String(body, StandardCharsets.UTF_8));
    }

    private record Reply(int status, String body) {

        /** The places that the problem names. */
        TreeSet<String> pointers() {
            TreeSet<String> pointers = new TreeSet<>();
            for (JsonNode error : Json.parse(body).get("errors")) {
                pointers.add(error.get("pointer").asText());
            }
            return pointers;
        }
    }

    /**
     * A value as it stands in a query.
     *
     * @param status of the answer, when nothing is worse
     * @param late whether only what looks at the trends finds the fault
     * @param place at fault, behind the parameter's own
     */
    private record Value(String encoded, int status, boolean late, String place) {

        static Value good(String encoded) {
            return new Value(encoded, 200, false, "");
        }

        static Value bad(String encoded) {
            return bad(encoded, "");
        }

        static Value bad(String encoded, String place) {
            return new Value(encoded, 422, false, place);
        }

        static Value late(String encoded, int status, String place) {
            return new Value(encoded, status, true, place);
        }
    }

    /** A query and what is wrong with it. */
    private record Asking(List<String> parts, Map<String, Value> values, TreeSet<String> faults) {

        static Asking of(Map<String, List<Value>> parameters, Random random) {
            Asking asking = new Asking(new ArrayList<>(), new LinkedHashMap<>(), new TreeSet<>());
            for (String name : new TreeSet<>(parameters.keySet())) {
                // Half of the queries are to be right.
                List<Value> values = requireNonNull(parameters.get(name));
                Value value = values.get(random.nextInt(random.nextBoolean() ? values.size() : 1));
                if (random.nextInt(5) > 0) {
                    asking.add(name, value);
                }
            }
            if (random.nextInt(12) == 0) {
                asking.parts.add(random.nextInt(asking.parts.size() + 1), "page=2");
                asking.faults.add("#/page");
            }
            if (random.nextInt(12) == 0 && !asking.values.isEmpty()) {
                String name = asking.values.keySet().iterator().next();
                asking.parts.add(name + "=again");
                asking.faults.add("#/" + name);
            }
            return asking;
        }

        private void add(String name, Value value) {
            parts.add(name + "=" + value.encoded);
            values.put(name, value);
            if (value.status != 200 && !value.late) {
                faults.add("#/" + name + value.place);
            }
        }

        /** What is found at fault when the rest is right; a market before a trend. */
        @Nullable Value late() {
            Value found = null;
            for (Value value : values.values()) {
                if (value.late && (found == null || value.status == 422)) {
                    found = value;
                }
            }
            return found;
        }
    }
}
