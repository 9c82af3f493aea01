package io.hemline.store.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.ModelStore;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every verb takes: which store, and how to print. */
final class StoreOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--store",
            paramLabel = "URL",
            defaultValue = "${env:HEMLINE_STORE_URL:-model-store/demo/store}",
            description =
                    "The store's folder or its file: URL. Default: ${DEFAULT-VALUE}, from HEMLINE_STORE_URL if set.")
    private String url = "";

    @Option(names = "--json", description = "Print JSON on one line instead of a table.")
    private boolean json;

    ModelStore store() {
        return ModelStore.open(url);
    }

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return command().commandLine().getOut();
    }

    PrintWriter err() {
        return command().commandLine().getErr();
    }

    CommandSpec command() {
        if (spec == null) {
            throw new IllegalStateException("the command line was not set up");
        }
        return spec;
    }

    /** Prints the JSON or the text, as asked. */
    void print(JsonNode document, String text) {
        out().print(json ? document + "\n" : text);
    }
}
