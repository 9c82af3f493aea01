package io.hemline.serving.forecasts;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.SafeText;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the attributes of a garment. They are not checked against a vocabulary: each model version has its own. */
final class AttributesReader {

    private static final Set<String> OPTIONAL = Set.of("market", "country", "gender", "category");

    private AttributesReader() {}

    /** The attributes; {@code country} is another name of {@code market}. */
    static Attributes read(JsonTokens in, String parent) throws IOException {
        String pointer = JsonPointer.member(parent, "attributes");
        if (!in.isObject(pointer)) {
            return Attributes.UNKNOWN;
        }
        String market = null;
        String country = null;
        String gender = null;
        String category = null;
        for (String name = in.nextMember(OPTIONAL); name != null; name = in.nextMember(OPTIONAL)) {
            switch (name) {
                case "market" -> market = word(in, pointer, name);
                case "country" -> country = word(in, pointer, name);
                case "gender" -> gender = word(in, pointer, name);
                case "category" -> category = word(in, pointer, name);
                default -> {
                    in.faults()
                            .add(JsonPointer.member(pointer, name), "unknown field; known: market, gender, category");
                    in.skip();
                }
            }
        }
        if (market != null && country != null) {
            in.faults()
                    .add(
                            JsonPointer.member(pointer, "country"),
                            "another name of market, which is given too: " + SafeText.quoted(market));
        }
        return new Attributes(market == null ? country : market, gender, category);
    }

    private static @Nullable String word(JsonTokens in, String parent, String name) throws IOException {
        String text = in.text(parent, name);
        return text == null ? null : ShortText.read(text, JsonPointer.member(parent, name), in.faults());
    }
}
