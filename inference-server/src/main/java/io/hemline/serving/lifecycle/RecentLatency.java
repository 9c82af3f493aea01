package io.hemline.serving.lifecycle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long answers took within the last minute, in pieces of ten seconds.
 *
 * <p>Thread-safe: the recorder is; {@code this} guards the pieces.
 */
public final class RecentLatency {

    private static final long PIECE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int PIECES = 6;
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 2;

    private final LongSupplier nanoTime;
    private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);
    private volatile long pieceEnd;

    @GuardedBy("this") private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

    public RecentLatency(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.pieceEnd = nanoTime.getAsLong() + PIECE_NANOS;
    }

    public void record(long nanos) {
        long now = nanoTime.getAsLong();
        if (now - pieceEnd >= 0) {
            turn(now);
        }
        recorder.recordValue(Math.min(MAX_MICROS, Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    /** The microseconds of the last minute's answers. */
    public synchronized Histogram lastMinute() {
        long now = nanoTime.getAsLong();
        turn(now);
        Histogram sum = new Histogram(MAX_MICROS, DIGITS);
        for (Piece piece : pieces) {
            if (now - piece.end <= PIECES * PIECE_NANOS) {
                sum.add(piece.histogram);
            }
        }
        return sum;
    }

    private synchronized void turn(long now) {
        // After a silence nothing was recorded since the piece should have ended.
        long end = now - pieceEnd < 0 ? now : pieceEnd;
        pieces.addLast(new Piece(end, recorder.getIntervalHistogram()));
        while (pieces.size() > PIECES && now - pieces.getFirst().end > PIECES * PIECE_NANOS) {
            pieces.removeFirst();
        }
        pieceEnd = now + PIECE_NANOS;
    }

    private record Piece(long end, Histogram histogram) {}
}
