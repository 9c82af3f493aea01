package io.hemline.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Reads the text of a manifest member by member; whether the values make sense together is {@link ManifestRules}. */
final class ManifestReader {

    private static final ObjectMapper JSON = JsonMapper.builder(TensorJson.FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ManifestReader() {}

    static Manifest read(byte[] json) {
        JsonMember root = new JsonMember("", tree(json));
        if (!root.node().isObject()) {
            throw new FormatException("the text must be one JSON object");
        }
        JsonMember.Members members = root.members();
        int formatVersion = members.get("format_version").integer();
        if (formatVersion != Manifest.FORMAT_VERSION) {
            // Checked first, since the other members may differ in another format version.
            throw new FormatException(String.format(
                    Locale.ROOT,
                    "member format_version is %d, and this reader knows only %d; use a newer Hemline",
                    formatVersion,
                    Manifest.FORMAT_VERSION));
        }
        Manifest manifest = new Manifest(
                formatVersion,
                members.get("model").text(),
                members.get("created").instant(),
                members.get("files").list(ManifestReader::file),
                graphs(members.get("graphs").members()),
                members.get("horizon").integer(),
                members.get("quantile_levels").list(JsonMember::number),
                members.get("context_length").integer(),
                texts(members.get("variables")),
                texts(members.get("drivers")),
                vocabularies(members.get("vocabularies").members()),
                members.get("embedding_dim").integer(),
                members.get("encoder_digest").text(),
                training(members.get("training").members()),
                members.get("backtest").list(ManifestReader::backtest),
                members.get("batch_sizes").list(JsonMember::integer),
                tolerance(members.get("tolerance").members()));
        members.end();
        return manifest;
    }

    /** Strict JSON: UTF-8, each member once, nothing after the end. */
    static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new FormatException("the text is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new FormatException("the text is not UTF-8: " + e.getMessage());
        }
    }

    private static Manifest.StoredFile file(JsonMember member) {
        JsonMember.Members m = member.members();
        Manifest.StoredFile file = new Manifest.StoredFile(
                m.get("path").text(),
                m.get("size").longInteger(),
                m.get("sha256").text());
        m.end();
        return file;
    }

    private static Manifest.Graphs graphs(JsonMember.Members m) {
        Manifest.Graphs graphs = new Manifest.Graphs(graph(m.get("forecaster")), graph(m.get("image_encoder")));
        m.end();
        return graphs;
    }

    private static Manifest.Graph graph(JsonMember member) {
        JsonMember.Members m = member.members();
        Manifest.Graph graph = new Manifest.Graph(
                m.get("file").text(),
                m.get("ir_version").integer(),
                m.get("opset").integer(),
                m.get("inputs").list(ManifestReader::tensorSpec),
                m.get("outputs").list(ManifestReader::tensorSpec));
        m.end();
        return graph;
    }

    private static TensorSpec tensorSpec(JsonMember member) {
        JsonMember.Members m = member.members();
        JsonMember dtype = m.get("dtype");
        TensorSpec spec = new TensorSpec(
                m.get("name").text(),
                Datatype.parseDtype(dtype.text()).orElseThrow(() -> dtype.wrong("float32, int64, bool or uint8")),
                m.get("shape").list(ManifestReader::dimension),
                m.get("meaning").text(),
                m.get("unit").text());
        m.end();
        return spec;
    }

    private static Long dimension(JsonMember member) {
        if (member.node().isTextual() && member.text().equals("B")) {
            return TensorSpec.BATCH;
        }
        if (!member.node().isInt() || member.integer() < 1) {
            throw member.wrong("\"B\" or a whole number from 1");
        }
        return (long) member.integer();
    }

    private static Manifest.Vocabularies vocabularies(JsonMember.Members m) {
        Manifest.Vocabularies vocabularies =
                new Manifest.Vocabularies(texts(m.get("market")), texts(m.get("gender")), texts(m.get("category")));
        m.end();
        return vocabularies;
    }

    private static Manifest.Training training(JsonMember.Members m) {
        Manifest.Training training = new Manifest.Training(
                m.get("mlflow_run_id").text(),
                m.get("git_commit").text(),
                m.get("data_fingerprint").text(),
                m.get("synthetic").bool(),
                m.get("seed").longInteger());
        m.end();
        return training;
    }

    private static Manifest.Backtest backtest(JsonMember member) {
        JsonMember.Members m = member.members();
        Manifest.Backtest backtest = new Manifest.Backtest(
                m.get("dataset").text(),
                m.get("metrics").map(JsonMember::number),
                m.get("baselines").map(baseline -> baseline.map(JsonMember::number)));
        m.end();
        return backtest;
    }

    private static Manifest.Tolerance tolerance(JsonMember.Members m) {
        Manifest.Tolerance tolerance =
                new Manifest.Tolerance(m.get("atol").number(), m.get("rtol").number());
        m.end();
        return tolerance;
    }

    private static List<String> texts(JsonMember member) {
        return member.list(JsonMember::text);
    }
}
