package io.hemline.store.cli;

import io.hemline.store.Channel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code [MODEL] [VERSION]}, both optional: an argument of digits is the version, since no model has such a name. */
final class ModelArguments {

    private static final String DEFAULT_MODEL = "trend";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..2",
            paramLabel = "[MODEL=trend] [VERSION]",
            hideParamSyntax = true,
            description = "The model, and one of its versions: 1, 2, 3, …")
    private List<String> arguments = new ArrayList<>();

    String model() {
        check();
        return arguments.isEmpty() || isNumber(arguments.get(0)) ? DEFAULT_MODEL : arguments.get(0);
    }

    OptionalInt version() {
        check();
        if (arguments.isEmpty() || !isNumber(arguments.get(arguments.size() - 1))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(arguments.get(arguments.size() - 1)));
    }

    int requiredVersion() {
        return version().orElseThrow(() -> usage("a version is missing"));
    }

    private void check() {
        if (arguments.size() == 2 && (isNumber(arguments.get(0)) || !isNumber(arguments.get(1)))) {
            throw usage("expected [MODEL] [VERSION], got " + String.join(" ", arguments));
        }
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private static boolean isNumber(String word) {
        return word.matches("[1-9][0-9]{0,8}");
    }

    /** {@code --channel}, by the names of the pointer files. */
    static final class ChannelOption {

        @Option(
                names = "--channel",
                paramLabel = "CHANNEL",
                defaultValue = "stable",
                converter = Name.class,
                description = "stable, canary or shadow. Default: ${DEFAULT-VALUE}.")
        private Channel channel = Channel.STABLE;

        Channel channel() {
            return channel;
        }

        /** Reads a channel's name. */
        static final class Name implements ITypeConverter<Channel> {
            @Override
            public Channel convert(String word) {
                return Channel.parse(word)
                        .orElseThrow(() -> new TypeConversionException("\"" + word
                                + "\" is not one of "
                                + Arrays.stream(Channel.values())
                                        .map(Channel::path)
                                        .collect(Collectors.joining(", "))));
            }
        }
    }
}
