package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects of a store on S3, named by their path in the store. Failures are {@link StoreException}s for the
 * operator, and contain no secret. Thread-safe: the client is.
 */
final class S3Objects {

    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAULT = 500;

    private final S3Location location;
    private final S3Client client;
    private final Duration downloadTimeout;

    S3Objects(S3Location location, S3Connection connection) {
        this.location = requireNonNull(location, "location");
        this.client = connection.client();
        this.downloadTimeout = connection.download();
    }

    /** The object at a path, if there is one; throws for an object over the limit. */
    Optional<Content> read(String path, long maxBytes) {
        return send(path, () -> {
            ResponseBytes<GetObjectResponse> object = client.getObject(
                    request -> request.bucket(location.bucket()).key(location.key(path)), (response, in) -> {
                        if (response.contentLength() > maxBytes) {
                            in.abort();
                            throw new StoreException(location.url(path) + " has " + response.contentLength()
                                    + " bytes, at most " + maxBytes + " are expected");
                        }
                        return ResponseBytes.fromByteArray(response, in.readAllBytes());
                    });
            return new Content(object.asByteArrayUnsafe(), object.response().eTag());
        });
    }

    /** Writes the object to a file that does not exist yet. */
    void download(String path, Path file) {
        boolean found = send(
                        path,
                        () -> client.getObject(
                                request -> request.bucket(location.bucket())
                                        .key(location.key(path))
                                        .overrideConfiguration(options -> options.apiCallTimeout(downloadTimeout)),
                                ResponseTransformer.toFile(file)))
                .isPresent();
        if (!found) {
            throw new StoreException(location.url(path) + " was deleted while the version was read");
        }
    }

    /** All objects whose path starts with the folder, named by the rest of their path. */
    List<Entry> list(String folder) {
        return send(folder, () -> {
                    ListObjectsV2Request request = ListObjectsV2Request.builder()
                            .bucket(location.bucket())
                            .prefix(location.key(folder))
                            .build();
                    int start = location.key(folder).length();
                    List<Entry> entries = new ArrayList<>();
                    client.listObjectsV2Paginator(request).contents().forEach(object -> {
                        if (object.key().length() > start) {
                            entries.add(new Entry(object.key().substring(start), object.size(), object.eTag()));
                        }
                    });
                    return entries;
                })
                .orElse(List.of());
    }

    /** The names of the folders directly in the store. */
    List<String> folders() {
        return send("", () -> {
                    ListObjectsV2Request request = ListObjectsV2Request.builder()
                            .bucket(location.bucket())
                            .prefix(location.prefix())
                            .delimiter("/")
                            .build();
                    int start = location.prefix().length();
                    return client.listObjectsV2Paginator(request).commonPrefixes().stream()
                            .map(CommonPrefix::prefix)
                            .map(prefix -> prefix.substring(start, prefix.length() - 1))
                            .sorted()
                            .toList();
                })
                .orElse(List.of());
    }

    /**
     * Writes the object if it still has this tag, or does not exist if the tag is {@code null}; otherwise returns
     * false.
     */
    boolean replace(String path, byte[] content, @Nullable String tag) {
        try {
            send(
                    path,
                    () -> client.putObject(
                            request -> {
                                request.bucket(location.bucket()).key(location.key(path));
                                if (tag == null) {
                                    request.ifNoneMatch("*");
                                } else {
                                    request.ifMatch(tag);
                                }
                            },
                            RequestBody.fromBytes(content)));
            return true;
        } catch (ConditionFailed e) {
            return false;
        }
    }

    /** Writes the object unconditionally. */
    void write(String path, byte[] content) {
        send(
                path,
                () -> client.putObject(
                        request -> request.bucket(location.bucket()).key(location.key(path)),
                        RequestBody.fromBytes(content)));
    }

    void delete(String path) {
        send(
                path,
                () -> client.deleteObject(
                        request -> request.bucket(location.bucket()).key(location.key(path))));
    }

    /** Sends a request; empty if there is no such object. */
    private <T> Optional<T> send(String path, Supplier<T> request) {
        try {
            return Optional.of(request.get());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (NoSuchBucketException e) {
            throw new StoreException("there is no bucket " + location.bucket() + "; check the store's URL", e);
        } catch (S3Exception e) {
            throw refused(path, e);
        } catch (SdkException e) {
            throw unreachable(e);
        }
    }

    private StoreException refused(String path, S3Exception e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
            return new ConditionFailed(location.url(path) + " was changed by another writer");
        }
        if (e.statusCode() >= SERVER_FAULT || e.statusCode() == TOO_MANY) {
            return new Unreachable("S3 fails to answer for " + location.url(path) + ": " + answer(e, code), e);
        }
        if (e.statusCode() == FORBIDDEN) {
            return new StoreException(
                    String.format(
                            Locale.ROOT,
                            "S3 refuses access to %s (%s); check the credentials, by AWS_ACCESS_KEY_ID or a profile, and what they may do there",
                            location.url(path),
                            answer(e, code)),
                    e);
        }
        return new StoreException(
                String.format(Locale.ROOT, "S3 refuses %s: %s", location.url(path), answer(e, code)), e);
    }

    private static String answer(S3Exception e, String code) {
        return code == null || code.isEmpty() ? Integer.toString(e.statusCode()) : e.statusCode() + " " + code;
    }

    private StoreException unreachable(SdkException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return new Unreachable("S3 does not answer in time for " + location, e);
        }
        String message = String.valueOf(e.getMessage());
        if (e instanceof SdkClientException && message.contains("credentials")) {
            return new StoreException(
                    "no credentials for " + location
                            + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
                    e);
        }
        return new Unreachable(
                String.format(
                        Locale.ROOT,
                        "S3 cannot be reached for %s: %s: %s",
                        location,
                        root.getClass().getSimpleName(),
                        root.getMessage()),
                e);
    }

    /** An object's bytes and its entity tag, which changes with the content. */
    record Content(byte[] bytes, String tag) {}

    /** An object in a listing. */
    record Entry(String name, long size, String tag) {}

    /** S3 does not answer, or not in time: a later try may succeed, and the cache can replace it meanwhile. */
    static final class Unreachable extends StoreException {
        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The condition of a write did not hold. */
    private static final class ConditionFailed extends StoreException {
        ConditionFailed(String message) {
            super(message);
        }
    }
}
