package io.hemline.store;

import java.util.regex.Pattern;

/** The paths in a store, relative to its root, as {@code FORMAT.md} defines them. Folders end with a slash. */
final class StoreLayout {

    private static final int MAX_VERSION = 999_999_999;
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    private StoreLayout() {}

    static String versions(String model) {
        return model(model) + "versions/";
    }

    static String version(String model, int version) {
        checkVersion(version);
        return versions(model) + version + "/";
    }

    static String manifest(String model, int version) {
        return version(model, version) + Manifest.FILE;
    }

    static String channels(String model) {
        return model(model) + "channels/";
    }

    static String channel(String model, Channel channel) {
        return channels(model) + channel.path();
    }

    /** The object that reserves a version number in a bucket. */
    static String claim(String model, int version) {
        return model(model) + "claims/" + version;
    }

    static boolean isVersion(String name) {
        return VERSION.matcher(name).matches();
    }

    /** Refuses a number outside of the range of versions. */
    static void checkVersion(int version) {
        if (version < 1 || version > MAX_VERSION) {
            throw new StoreException("versions are numbered 1 to " + MAX_VERSION + ", not " + version);
        }
    }

    static String model(String model) {
        if (!ManifestRules.isModelName(model)) {
            throw new StoreException(
                    "\"" + model + "\" is not a model's name: lower-case letters, digits, - and _, a letter first");
        }
        return model + "/";
    }
}
