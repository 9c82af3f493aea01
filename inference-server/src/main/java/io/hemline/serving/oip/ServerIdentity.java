package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What clients of the protocol are told of the server.
 *
 * <p>Immutable.
 *
 * @param name of the product
 * @param version of the product
 * @param extensions of the protocol that a door serves
 */
public record ServerIdentity(String name, String version, List<String> extensions) {

    private static final String NAME = "hemline";

    public ServerIdentity {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        extensions = List.copyOf(extensions);
    }

    /** At the door of HTTP. */
    public static ServerIdentity rest(String version) {
        return new ServerIdentity(NAME, version, List.of("binary_tensor_data", "model_repository", "statistics"));
    }

    /** At the door of gRPC, where every tensor may be binary and statistics are not told. */
    public static ServerIdentity grpc(String version) {
        return new ServerIdentity(NAME, version, List.of("model_repository"));
    }
}
