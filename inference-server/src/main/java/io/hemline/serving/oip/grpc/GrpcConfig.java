package io.hemline.serving.oip.grpc;

/**
 * Where gRPC is served; the host, the largest message and the longest time are those of {@code http}.
 *
 * <p>Immutable.
 *
 * @param port the port to listen on, 0 for any free one, −1 for none
 */
public record GrpcConfig(int port) {

    /** Do not listen. */
    public static final int OFF = -1;

    public GrpcConfig {
        if (port < OFF || port > 65_535) {
            throw new IllegalArgumentException("port: 0 to 65535, or -1 for no gRPC, not " + port);
        }
    }

    /** Port 8082. */
    public static GrpcConfig defaults() {
        return new GrpcConfig(8082);
    }

    /** Whether to listen at all. */
    public boolean on() {
        return port != OFF;
    }
}
