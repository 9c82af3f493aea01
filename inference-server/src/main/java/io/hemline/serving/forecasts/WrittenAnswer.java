package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.http.EncodedResponse;
import io.hemline.serving.http.EncodedResponse.StoredResponse;
import io.hemline.serving.http.Representation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A written response and the questions that it answers.
 *
 * <p>Thread-safe: {@code lines} is set once, or twice to equal values; all else is final.
 */
public final class WrittenAnswer implements StoredResponse {

    /** Estimated bytes of objects and header lines. */
    private static final int FRAME = 3500;

    private static final int QUESTION_BYTES = 150;

    private final AnswerForm form;
    private final ParsedRequest asked;
    private final Freshness freshness;
    private final Representation representation;
    private volatile @Nullable EncodedResponse lines;

    private WrittenAnswer(AnswerForm form, ParsedRequest asked, Freshness freshness, Representation representation) {
        this.form = requireNonNull(form, "form");
        this.asked = requireNonNull(asked, "asked");
        this.freshness = requireNonNull(freshness, "freshness");
        this.representation = requireNonNull(representation, "representation");
    }

    static WrittenAnswer of(AnswerForm form, ParsedRequest asked, Answer answer) {
        byte[] body = form.write(asked, answer);
        return new WrittenAnswer(
                form,
                asked,
                answer.freshness(),
                Representation.tagged(Representation.JSON, body, ForecastHeaders.of(answer)));
    }

    @Override
    public String route() {
        return form.path();
    }

    @Override
    public Representation representation() {
        return representation;
    }

    @Override
    public EncodedResponse encoded() {
        EncodedResponse made = lines;
        if (made == null) {
            made = new EncodedResponse(representation, freshness);
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

    /** The body counts twice: plain and compressed. */
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
    public CachedResponse rewrite(Answer other) {
        return of(form, asked, other);
    }
}
