package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bucket and the prefix of a store in it. Immutable.
 *
 * @param bucket its name
 * @param prefix of all keys: empty, or ending with a slash
 */
record S3Location(String bucket, String prefix) {

    private static final Pattern URL = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");

    S3Location {
        requireNonNull(bucket, "bucket");
        requireNonNull(prefix, "prefix");
    }

    static S3Location parse(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new StoreException("store \"" + url + "\" is not of the form s3://bucket or s3://bucket/prefix");
        }
        String path = matcher.group(2) == null ? "" : matcher.group(2).replaceAll("^/+|/+$", "");
        return new S3Location(matcher.group(1), path.isEmpty() ? "" : path + "/");
    }

    String key(String path) {
        return prefix + path;
    }

    /** The URL of an object or folder, for messages. */
    String url(String path) {
        return this + "/" + path;
    }

    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
