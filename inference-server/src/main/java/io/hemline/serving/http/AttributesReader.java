package io.hemline.serving.http;

import io.hemline.serving.forecast.Attributes;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a caller knows of a garment. Whether the words are in a vocabulary is the model's to say. */
final class AttributesReader {

    private static final Set<String> OPTIONAL = Set.of("market", "country", "gender", "category");

    private AttributesReader() {}

    /** The attributes; {@code country} is another name of {@code market}. */
    static Attributes read(Tokens in, String parent) throws IOException {
        String pointer = Pointer.member(parent, "attributes");
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
                    in.faults().add(Pointer.member(pointer, name), "unknown field; known: market, gender, category");
                    in.skip();
                }
            }
        }
        if (market != null && country != null) {
            in.faults()
                    .add(
                            Pointer.member(pointer, "country"),
                            "another name of market, which is given too: " + Shown.quoted(market));
        }
        return new Attributes(market == null ? country : market, gender, category);
    }

    private static @Nullable String word(Tokens in, String parent, String name) throws IOException {
        String text = in.text(parent, name);
        return text == null ? null : Word.read(text, Pointer.member(parent, name), in.faults());
    }
}
