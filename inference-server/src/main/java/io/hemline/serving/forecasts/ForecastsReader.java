package io.hemline.serving.forecasts;

import io.hemline.serving.core.Question;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.Problem.ItemPositions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the body of {@code POST /v1/forecasts}: {@code {"items": […], "include": "history"}}.
 *
 * <p>Confined to one thread.
 */
final class ForecastsReader {

    private static final Set<String> OPTIONAL = Set.of(Include.NAME);

    private final HttpConfig config;
    private final List<Question> questions = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private boolean hasItems;
    private boolean history;

    private ForecastsReader(HttpConfig config) {
        this.config = config;
    }

    /** The request; to be used only if no field is invalid. */
    static ParsedRequest read(byte[] body, HttpConfig config, boolean history, InvalidFields faults) {
        ForecastsReader reader = new ForecastsReader(config);
        JsonTokens.<Boolean>read(body, faults, reader::readBody);
        return new ParsedRequest(reader.questions, reader.ids, ItemPositions.ITEMS, history || reader.history);
    }

    private Boolean readBody(JsonTokens in) throws IOException {
        if (!in.isObject(JsonPointer.ROOT)) {
            return false;
        }
        for (String name = in.nextMember(OPTIONAL); name != null; name = in.nextMember(OPTIONAL)) {
            switch (name) {
                case "items" -> readItems(in);
                case Include.NAME -> history = Include.history(in);
                default -> {
                    in.faults().add(JsonPointer.member(JsonPointer.ROOT, name), "unknown field; known: items, include");
                    in.skip();
                }
            }
        }
        if (!hasItems) {
            in.faults().add(JsonPointer.ROOT, "items is missing: a list of 1 to " + config.maxItems() + " questions");
        }
        return true;
    }

    private void readItems(JsonTokens in) throws IOException {
        hasItems = true;
        String pointer = "#/items";
        if (!in.isList(pointer, "a list of questions")) {
            return;
        }
        int count = 0;
        while (in.nextElement()) {
            if (count < config.maxItems()) {
                readItem(in, JsonPointer.element(pointer, count), count);
            } else {
                in.skip();
            }
            count++;
        }
        if (count < 1 || count > config.maxItems()) {
            in.faults().add(pointer, "1 to " + config.maxItems() + " items, not " + count);
        }
    }

    private void readItem(JsonTokens in, String pointer, int index) throws IOException {
        ItemReader item = new ItemReader(in, pointer, config.maxImage());
        Question question = item.read();
        if (question != null) {
            questions.add(question);
            ids.add(item.id(index));
        }
    }
}
