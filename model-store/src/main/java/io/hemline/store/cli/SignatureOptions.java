package io.hemline.store.cli;

import io.hemline.store.SignaturePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --public-key} and {@code --require-signature}: whose signatures count for a verb that verifies. */
final class SignatureOptions {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "PEM file of a public key that is trusted to sign; may be repeated."
                    + " A signature that is there must then be of one of them.")
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
