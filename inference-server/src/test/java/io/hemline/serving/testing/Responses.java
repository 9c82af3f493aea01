package io.hemline.serving.testing;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Responder;
import io.vertx.core.Future;
import java.util.List;

/** Responses that are answers without a form. */
public final class Responses {

    private Responses() {}

    /** The answer of a path to a request under no cache key. */
    public static Future<Answer> answer(Responder responder, Request request) {
        return responder
                .respond(new Responder.Query(
                        request, System.nanoTime(), null, null, answer -> Future.succeededFuture(new Plain(answer))))
                .map(response -> ((Plain) response.content()).answer());
    }

    private record Plain(Answer answer) implements CachedResponse {

        @Override
        public List<Question> questions() {
            throw new UnsupportedOperationException("not kept, so not asked");
        }

        @Override
        public Freshness freshness() {
            return answer.freshness();
        }

        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public CachedResponse rewrite(Answer other) {
            return new Plain(other);
        }
    }
}
