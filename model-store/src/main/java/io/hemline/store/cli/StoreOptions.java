package io.hemline.store.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.ModelStore;
import io.hemline.store.SignaturePolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every verb: which store, and the output format. */
final class StoreOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--store",
            paramLabel = "URL",
            defaultValue = "${env:HEMLINE_STORE_URL:-model-store/demo/store}",
            description = {
                "The store's folder, its file: URL, or s3://bucket/prefix.",
                "Default: ${DEFAULT-VALUE}, from HEMLINE_STORE_URL if set.",
                "S3 takes AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_PROFILE and other variables of AWS."
            })
    private String url = "";

    @Option(
            names = "--cache-dir",
            paramLabel = "FOLDER",
            defaultValue = "${env:HEMLINE_STORE_CACHE_DIR:-${sys:user.home}/.cache/hemline/store}",
            description = "Folder that caches versions of a store on S3. Default: ${DEFAULT-VALUE}.")
    private Path cache = ModelStore.defaultCache();

    @Option(names = "--json", description = "Print JSON on one line instead of a table.")
    private boolean json;

    ModelStore store() {
        return store(SignaturePolicy.UNCHECKED);
    }

    ModelStore store(Signatures signatures) {
        return store(signatures.policy());
    }

    private ModelStore store(SignaturePolicy policy) {
        return ModelStore.open(url, policy, cache);
    }

    PrintWriter out() {
        return command().commandLine().getOut();
    }

    PrintWriter err() {
        return command().commandLine().getErr();
    }

    CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command");
        }
        return spec;
    }

    /** Prints the JSON or the text, by {@code --json}. */
    void print(JsonNode document, String text) {
        out().print(json ? document + "\n" : text);
    }

    /** {@code --public-key} and {@code --require-signature} of a verb that verifies. */
    static final class Signatures {

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = "PEM file of a public key that is trusted to sign; may be repeated."
                        + " An existing signature must then be by one of them.")
        private List<Path> publicKeys = new ArrayList<>();

        @Option(names = "--require-signature", description = "Refuse a version that is not signed; needs --public-key.")
        private boolean required;

        SignaturePolicy policy() {
            if (required && publicKeys.isEmpty() && spec != null) {
                throw new ParameterException(spec.commandLine(), "--require-signature needs a --public-key");
            }
            return SignaturePolicy.of(required, publicKeys);
        }
    }
}
