package io.hemline.store.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code [MODEL] [VERSION]}, both optional: a word of digits is the version, for no model is called so. */
final class ModelArguments {

    private static final String DEFAULT_MODEL = "trend";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..2",
            paramLabel = "[MODEL=trend] [VERSION]",
            hideParamSyntax = true,
            description = "The model, and one of its versions: 1, 2, 3, …")
    private List<String> words = new ArrayList<>();

    String model() {
        check();
        return words.isEmpty() || isNumber(words.get(0)) ? DEFAULT_MODEL : words.get(0);
    }

    OptionalInt version() {
        check();
        if (words.isEmpty() || !isNumber(words.get(words.size() - 1))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(words.get(words.size() - 1)));
    }

    int requiredVersion() {
        return version().orElseThrow(() -> usage("a version is missing"));
    }

    private void check() {
        if (words.size() == 2 && (isNumber(words.get(0)) || !isNumber(words.get(1)))) {
            throw usage("expected [MODEL] [VERSION], got " + String.join(" ", words));
        }
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("the command line was not set up");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private static boolean isNumber(String word) {
        return word.matches("[1-9][0-9]{0,8}");
    }
}
