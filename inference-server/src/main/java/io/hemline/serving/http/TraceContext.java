package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a request (W3C Trace Context, level 1): that of {@code traceparent}, else a new one.
 *
 * <p>Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId the client's span, 16 hexadecimal digits, {@code null} where the trace begins here
 * @param sampled whether the client records the trace
 */
public record TraceContext(String traceId, @Nullable String parentId, boolean sampled) {

    static final String HEADER = "traceparent";

    private static final int MAX_LENGTH = 512;
    /** Version 00 ends after the flags; additions of later versions are ignored (section 4.3). */
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int VERSION = 1;
    private static final int TRACE = 2;
    private static final int SPAN = 3;
    private static final int FLAGS = 4;
    private static final int MORE = 5;
    private static final int SAMPLED = 1;

    public TraceContext {
        requireNonNull(traceId, "traceId");
    }

    /** The context of a single valid header line, else a new one. */
    public static TraceContext of(List<String> lines) {
        if (lines.size() != 1 || lines.get(0).length() > MAX_LENGTH) {
            return begin();
        }
        Matcher parent = PARENT.matcher(lines.get(0).strip());
        if (!parent.matches() || (parent.group(VERSION).equals("00") && parent.group(MORE) != null)) {
            return begin();
        }
        boolean sampled = (Integer.parseInt(parent.group(FLAGS), 16) & SAMPLED) != 0;
        return new TraceContext(parent.group(TRACE), parent.group(SPAN), sampled);
    }

    private static TraceContext begin() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // The lower half is odd: a trace id of zeros is invalid.
        HexFormat hex = HexFormat.of();
        String id = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
        return new TraceContext(id, null, false);
    }
}
