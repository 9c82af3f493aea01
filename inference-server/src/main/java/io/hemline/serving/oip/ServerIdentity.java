package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The server metadata of the protocol.
 *
 * <p>Immutable.
 *
 * @param name the name of the product
 * @param version the version of the product
 * @param extensions the extensions of the protocol that a listener serves
 */
public record ServerIdentity(String name, String version, List<String> extensions) {

    private static final String NAME = "hemline";

    public ServerIdentity {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        extensions = List.copyOf(extensions);
    }

    /** The metadata of the REST listener. */
    public static ServerIdentity rest(String version) {
        return new ServerIdentity(NAME, version, List.of("binary_tensor_data", "model_repository", "statistics"));
    }

    /** The metadata of the gRPC listener, where each tensor may be binary and statistics are not served. */
    public static ServerIdentity grpc(String version) {
        return new ServerIdentity(NAME, version, List.of("model_repository"));
    }
}
