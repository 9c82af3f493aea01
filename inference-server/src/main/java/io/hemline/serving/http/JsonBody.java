package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request. Bodies of other media types are refused by their headers, bodies over the limit or the
 * budget while they arrive. The rest of a refused body is read and dropped, so that the client sees the response; the
 * connection of one that is several times too long is closed.
 *
 * <p>Confined to one event loop.
 */
public final class JsonBody<T> {

    /** A worker parses larger bodies, which have images and would delay the other requests of the event loop. */
    private static final int LARGE = 131_072;

    private static final int FIRST_ALLOCATION = 65_536;
    private static final int MAX_DROPPED_FACTOR = 4;

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final long max;
    private final Function<HttpServerRequest, Optional<Problem>> refusal;
    private final Predicate<byte[]> answered;
    private final Function<byte[], T> reader;
    private final Consumer<T> then;
    private final Consumer<Throwable> otherwise;
    private @Nullable Buffer body;
    private long received;

    private JsonBody(
            Exchange exchange,
            Function<HttpServerRequest, Optional<Problem>> refusal,
            Predicate<byte[]> answered,
            Function<byte[], T> reader,
            Consumer<T> then,
            Consumer<Throwable> otherwise) {
        this.exchange = requireNonNull(exchange, "exchange");
        this.request = exchange.request();
        this.max = exchange.config().maxBody();
        this.refusal = requireNonNull(refusal, "refusal");
        this.answered = requireNonNull(answered, "answered");
        this.reader = requireNonNull(reader, "reader");
        this.then = requireNonNull(then, "then");
        this.otherwise = requireNonNull(otherwise, "otherwise");
    }

    /**
     * Reads a JSON body, or answers with the problem.
     *
     * @param exchange the request and its response
     * @param answered answers a body that need not be parsed, on the event loop; {@code false} where it did not
     * @param reader parses the bytes, on the event loop or on a worker, without answering
     * @param then continues with the parsed body, on the event loop
     * @param otherwise answers an exception of any of them, on the event loop
     */
    public static <T> void answerOrRead(
            Exchange exchange,
            Predicate<byte[]> answered,
            Function<byte[], T> reader,
            Consumer<T> then,
            Consumer<Throwable> otherwise) {
        new JsonBody<>(exchange, JsonBody::refusal, answered, reader, then, otherwise).start();
    }

    /**
     * Reads a body of several media types, which is always parsed.
     *
     * @param refusal the problem of a body that is refused by its headers; empty when it is read
     */
    public static <T> void read(
            Exchange exchange,
            Function<HttpServerRequest, Optional<Problem>> refusal,
            Function<byte[], T> reader,
            Consumer<T> then,
            Consumer<Throwable> otherwise) {
        new JsonBody<>(exchange, refusal, body -> false, reader, then, otherwise).start();
    }

    private void start() {
        long declared = declaredLength();
        request.handler(this::take);
        if (declared > max) {
            refuse(tooLarge(declared + " bytes"));
            return;
        }
        Optional<Problem> problem = refusal.apply(request);
        if (problem.isPresent()) {
            refuse(problem.get());
            return;
        }
        if (expectsContinue()) {
            request.response().writeContinue();
        }
        body = Buffer.buffer((int) Math.min(Math.max(declared, 0), FIRST_ALLOCATION));
        request.endHandler(ignored -> finish());
    }

    private static Optional<Problem> refusal(HttpServerRequest request) {
        String encoding = HeaderFields.list(request.headers(), "Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Optional.of(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding: only identity, not " + SafeText.quoted(encoding)));
        }
        String type = HeaderFields.list(request.headers(), "Content-Type");
        if (!HeaderFields.isJson(type)) {
            return Optional.of(Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: application/json in UTF-8, not "
                            + (type == null ? "absent" : SafeText.quoted(type))));
        }
        return Optional.empty();
    }

    private void take(Buffer chunk) {
        received += chunk.length();
        Buffer kept = body;
        if (kept == null) {
            if (received > MAX_DROPPED_FACTOR * max) {
                request.connection().close();
            }
            return;
        }
        if (received > max) {
            body = null;
            exchange.refuse(tooLarge("more"));
            return;
        }
        if (!exchange.reserve(chunk.length())) {
            body = null;
            exchange.refuse(exchange.bodyBudgetSpent());
            return;
        }
        kept.appendBuffer(chunk);
    }

    private void finish() {
        Buffer whole = body;
        if (whole == null) {
            return;
        }
        Problem broken = MalformedRequests.body(request);
        if (broken != null) {
            request.response().putHeader("Connection", "close");
            exchange.refuse(broken);
            return;
        }
        byte[] bytes = whole.getBytes();
        body = null;
        T result;
        try {
            if (answered.test(bytes)) {
                return;
            }
            boolean compressed = isCompressed();
            if (compressed && !exchange.reserve((int) (max - bytes.length))) {
                exchange.refuse(exchange.bodyBudgetSpent());
                return;
            }
            if (bytes.length > LARGE || compressed) {
                exchange.offLoop(() -> reader.apply(bytes)).onComplete(this::proceed, otherwise::accept);
                return;
            }
            result = reader.apply(bytes);
        } catch (RuntimeException e) {
            otherwise.accept(e);
            return;
        }
        proceed(result);
    }

    /** A compressed body may grow to the largest size, so that much of the budget is reserved. */
    private boolean isCompressed() {
        String encoding = request.getHeader("Content-Encoding");
        return encoding != null && !encoding.strip().equalsIgnoreCase("identity");
    }

    private void proceed(T result) {
        try {
            then.accept(result);
        } catch (RuntimeException e) {
            otherwise.accept(e);
        }
    }

    private void refuse(Problem problem) {
        if (expectsContinue()) {
            request.response().putHeader("Connection", "close");
        }
        exchange.refuse(problem);
    }

    private Problem tooLarge(String size) {
        return Problem.of(ProblemType.TOO_LARGE, "The body may have at most " + max + " bytes, not " + size + ".");
    }

    /** HTTP/1.0 has no interim responses (RFC 9110, section 10.1.1). */
    private boolean expectsContinue() {
        return request.version() != HttpVersion.HTTP_1_0
                && "100-continue".equalsIgnoreCase(request.getHeader("Expect"));
    }

    private long declaredLength() {
        String length = request.getHeader("Content-Length");
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
