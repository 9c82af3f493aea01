package io.hemline.store;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * How S3 is reached, and how long it may take. What is not given here comes from where all tools of AWS take it:
 * {@code AWS_ENDPOINT_URL_S3}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID} and so on, profiles, the machine's role.
 * Immutable.
 *
 * @param endpoint of a server that is not Amazon's
 * @param region of the bucket
 * @param credentials to sign with
 * @param silence after which a connection is given up
 * @param call the whole time of a small request, attempts included
 * @param download the whole time of a file
 */
record S3Connection(
        @Nullable URI endpoint,
        @Nullable Region region,
        @Nullable AwsCredentialsProvider credentials,
        Duration silence,
        Duration call,
        Duration download) {

    /** All from the environment. A pointer that takes ten seconds is no pointer; a file may take its minutes. */
    static S3Connection fromEnvironment() {
        return new S3Connection(
                null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(15));
    }

    S3Client client() {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(silence)
                        .socketTimeout(silence))
                .credentialsProvider(
                        credentials == null
                                ? DefaultCredentialsProvider.builder().build()
                                : credentials)
                // Every S3 knows a bucket in the path; its own host name for each bucket needs a DNS that plays along.
                .forcePathStyle(true)
                // Digests of our own are compared anyway, and servers that are not Amazon's know fewer checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(options -> options.apiCallTimeout(call));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        if (region != null) {
            builder.region(region);
        }
        try {
            return builder.build();
        } catch (SdkClientException e) {
            throw new StoreException(
                    "S3 cannot be used as it is set up: " + e.getMessage()
                            + " (AWS_REGION or the profile names the region)",
                    e);
        }
    }
}
