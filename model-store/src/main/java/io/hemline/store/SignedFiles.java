package io.hemline.store;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The signed statement: an in-toto statement of OpenSSF Model Signing v1.0 with the SHA-256 of each file. Immutable.
 *
 * @param digests SHA-256 in lower-case hex by file name, in the order of the statement
 */
record SignedFiles(Map<String, String> digests) {

    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";

    static SignedFiles parse(byte[] payload) {
        JsonMember.Members statement = new JsonMember("payload", ManifestReader.tree(payload)).members();
        expect(statement.get("_type"), STATEMENT);
        expect(statement.get("predicateType"), PREDICATE);
        JsonMember.Members predicate = statement.get("predicate").members();
        JsonMember.Members serialization = predicate.get("serialization").members();
        expect(serialization.get("method"), "files");
        expect(serialization.get("hash_type"), "sha256");
        Map<String, String> digests = new LinkedHashMap<>();
        for (Map.Entry<String, String> file : predicate.get("resources").list(SignedFiles::resource)) {
            if (digests.put(file.getKey(), file.getValue()) != null) {
                throw new FormatException("it names file " + file.getKey() + " twice");
            }
        }
        checkRoot(statement.get("subject"), digests);
        return new SignedFiles(digests);
    }

    /** Throws unless exactly these files were signed, with these digests. */
    void check(Map<String, String> found) {
        Set<String> unsigned = new TreeSet<>(found.keySet());
        unsigned.removeAll(digests.keySet());
        if (!unsigned.isEmpty()) {
            throw new FormatException("it does not cover file " + String.join(", ", unsigned));
        }
        digests.forEach((name, digest) -> {
            String there = found.get(name);
            if (there == null) {
                throw new FormatException("it covers file " + name + ", which is not there");
            }
            if (!there.equals(digest)) {
                throw new FormatException(
                        String.format(Locale.ROOT, "file %s has SHA-256 %s, signed was %s", name, there, digest));
            }
        });
    }

    private static Map.Entry<String, String> resource(JsonMember member) {
        JsonMember.Members resource = member.members();
        expect(resource.get("algorithm"), "sha256");
        JsonMember digest = resource.get("digest");
        if (!digest.text().matches("[0-9a-f]{64}")) {
            throw digest.wrong("a SHA-256 in lower-case hex");
        }
        return Map.entry(resource.get("name").text(), digest.text());
    }

    /** The subject's digest is the SHA-256 of the concatenated digests of all resources. */
    private static void checkRoot(JsonMember subjects, Map<String, String> digests) {
        List<String> roots = subjects.list(subject ->
                subject.members().get("digest").members().get("sha256").text());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        digests.values().forEach(digest -> all.writeBytes(HexFormat.of().parseHex(digest)));
        String root = Digest.of(all.toByteArray());
        if (!roots.equals(List.of(root))) {
            throw new FormatException(String.format(
                    Locale.ROOT, "its root digest is %s, its resources hash to %s", String.join(", ", roots), root));
        }
    }

    private static void expect(JsonMember member, String text) {
        if (!member.text().equals(text)) {
            throw member.wrong("\"" + text + "\"");
        }
    }
}
