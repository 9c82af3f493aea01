package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Freshness;
import io.hemline.serving.forecast.Question;
import io.hemline.serving.forecast.ReadyAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forecast as it goes out, and what it answers.
 *
 * <p>Thread-safe: {@code lines} is made once, or twice to no harm; all else is final.
 */
final class WrittenAnswer implements ReadyAnswer {

    /** Objects, and the lines of the head. */
    private static final int FRAME = 3500;

    private static final int QUESTION_BYTES = 150;

    private final Form form;
    private final Asked asked;
    private final Freshness freshness;
    private final Representation representation;
    private volatile @Nullable ReadyLines lines;

    private WrittenAnswer(Form form, Asked asked, Freshness freshness, Representation representation) {
        this.form = requireNonNull(form, "form");
        this.asked = requireNonNull(asked, "asked");
        this.freshness = requireNonNull(freshness, "freshness");
        this.representation = requireNonNull(representation, "representation");
    }

    static WrittenAnswer of(Form form, Asked asked, Answer answer) {
        byte[] body = form.write(asked, answer);
        return new WrittenAnswer(
                form,
                asked,
                answer.freshness(),
                Representation.tagged(Representation.JSON, body, AnswerHeaders.of(answer)));
    }

    Form form() {
        return form;
    }

    Representation representation() {
        return representation;
    }

    /** The same, encoded for the wire; made when it is given again for the first time. */
    ReadyLines lines() {
        ReadyLines made = lines;
        if (made == null) {
            made = new ReadyLines(representation, freshness);
            lines = made;
        }
        return made;
    }

    @Override
    public List<Question> questions() {
        return asked.questions();
    }

    @Override
    public Freshness freshness() {
        return freshness;
    }

    /** The body counts twice: as it is, and compressed. */
    @Override
    public int bytes() {
        int ids = asked.ids().stream().mapToInt(String::length).sum();
        return FRAME
                + 2 * representation.body().length
                + QUESTION_BYTES * asked.questions().size()
                + asked.seriesBytes()
                + 4 * ids;
    }

    @Override
    public ReadyAnswer anew(Answer other) {
        return of(form, asked, other);
    }
}
