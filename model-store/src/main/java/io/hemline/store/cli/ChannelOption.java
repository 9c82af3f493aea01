package io.hemline.store.cli;

import io.hemline.store.Channel;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --channel}, in the words of the pointer files. */
final class ChannelOption {

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            defaultValue = "stable",
            converter = Words.class,
            description = "stable, canary or shadow. Default: ${DEFAULT-VALUE}.")
    private Channel channel = Channel.STABLE;

    Channel channel() {
        return channel;
    }

    /** Reads a channel's name. */
    static final class Words implements ITypeConverter<Channel> {
        @Override
        public Channel convert(String word) {
            return Channel.parse(word)
                    .orElseThrow(() -> new TypeConversionException("\"" + word
                            + "\" is not one of "
                            + Arrays.stream(Channel.values()).map(Channel::path).collect(Collectors.joining(", "))));
        }
    }
}
