package io.hemline.serving.config;

/** The configuration is invalid. The message is one line that names the key, the value and the rule. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
