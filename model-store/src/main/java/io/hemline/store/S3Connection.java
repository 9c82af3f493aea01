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
 * Endpoint, credentials and timeouts of S3. Absent values come from the default chain of the AWS SDK:
 * {@code AWS_ENDPOINT_URL_S3}, {@code AWS_REGION}, {@code AWS_ACCESS_KEY_ID} and others, profiles, the machine's role.
 * Immutable.
 *
 * @param endpoint of an S3 server other than Amazon's
 * @param region of the bucket
 * @param credentials that sign the requests
 * @param silence the connect and read timeout
 * @param call the timeout of a small request, including retries
 * @param download the timeout of a file's download
 */
record S3Connection(
        @Nullable URI endpoint,
        @Nullable Region region,
        @Nullable AwsCredentialsProvider credentials,
        Duration silence,
        Duration call,
        Duration download) {

    /** Everything from the environment; ten seconds for a small request, fifteen minutes for a file. */
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
                // Every S3 server accepts the bucket in the path; a host name per bucket needs a DNS entry for each.
                .forcePathStyle(true)
                // The store compares digests of its own, and not every S3 server supports the SDK's checksums.
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
