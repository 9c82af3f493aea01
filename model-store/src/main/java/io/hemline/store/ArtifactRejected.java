package io.hemline.store;

import static java.util.Objects.requireNonNull;

/** A version is not intact: its folder differs from the format or from its manifest. */
public final class ArtifactRejected extends StoreException {

    private final String model;
    private final int version;
    private final String reason;

    public ArtifactRejected(String model, int version, String reason) {
        super("version " + version + " of " + model + " is not intact: " + reason);
        this.model = requireNonNull(model, "model");
        this.version = version;
        this.reason = requireNonNull(reason, "reason");
    }

    public String model() {
        return model;
    }

    public int version() {
        return version;
    }

    /** The fault in one sentence, without the model and the version. */
    public String reason() {
        return reason;
    }
}
