package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.Quotas.QuotaConfig;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A quota of three requests in six seconds. */
class QuotasTest {

    private static final SocketAddress HERE = SocketAddress.inetSocketAddress(40_000, "127.0.0.1");
    private static final SocketAddress THERE = SocketAddress.inetSocketAddress(40_000, "192.0.2.7");
    private static final Client SHOP = new Client("shop", Set.of(Scope.FORECAST_READ));
    private static final Client OTHER = new Client("other", Set.of(Scope.FORECAST_READ));
    private static final Client EDGE = new Client("worker", Set.of(Scope.EDGE));

    private final AtomicLong now = new AtomicLong(7);
    private final Quotas quotas = quotas(100);

    private Quotas quotas(int maxClients) {
        return Quotas.of(new QuotaConfig(3, Duration.ofSeconds(6), maxClients), now::get);
    }

    @Test
    void allowsABurstAndThenTheRateOfTheQuota() {
        use(SHOP, HERE, 3);

        QuotaExceeded over = quotas.count(SHOP, HERE);
        advance(2);
        QuotaExceeded again = quotas.count(SHOP, HERE);
        QuotaExceeded tooSoon = quotas.count(SHOP, HERE);

        assertThat(over).isNotNull();
        assertThat(over.detail()).isEqualTo("At most 3 requests in 6 seconds; try again in 2 seconds.");
        assertThat(over.rateLimit()).isEqualTo("\"per-client\";r=0;t=2");
        assertThat(again).isNull();
        assertThat(tooSoon).isNotNull();
        assertThat(quotas.policy()).isEqualTo("\"per-client\";q=3;w=6");
    }

    @Test
    void countsClientsByIdAcrossAddresses() {
        use(SHOP, HERE, 3);

        assertThat(quotas.count(SHOP, THERE)).isNotNull();
        assertThat(quotas.count(OTHER, HERE)).isNull();
    }

    @Test
    void countsAnonymousClientsByAddress() {
        use(Client.ANONYMOUS, HERE, 3);

        assertThat(quotas.count(Client.ANONYMOUS, HERE)).isNotNull();
        assertThat(quotas.count(Client.ANONYMOUS, THERE)).isNull();
    }

    @Test
    void countsAnIpv6AddressByItsSubnet() {
        use(Client.ANONYMOUS, SocketAddress.inetSocketAddress(40_000, "2001:db8:1:2::1"), 3);

        assertThat(quotas.count(Client.ANONYMOUS, SocketAddress.inetSocketAddress(40_000, "2001:db8:1:2::2")))
                .isNotNull();
        assertThat(quotas.count(Client.ANONYMOUS, SocketAddress.inetSocketAddress(40_000, "2001:db8:1:3::1")))
                .isNull();
    }

    static Stream<Arguments> networks() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(
                        Path.of("../model-store/fixtures/client-networks.json").toFile());
        return StreamSupport.stream(cases.spliterator(), false)
                .map(each -> Arguments.of(
                        each.get("address").asText(), each.get("network").asText()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void countsAnonymousClientsByNetwork(String address, String network) {
        assertThat(Quotas.network(address)).isEqualTo(network);
    }

    @Test
    void doesNotCountTheEdgeWithoutAClient() {
        use(EDGE, HERE, 100);
    }

    @Test
    void evictsAClientOnlyWithAFullBucket() {
        use(SHOP, HERE, 3);

        advance(6);

        use(SHOP, HERE, 3);
        assertThat(quotas.count(SHOP, HERE)).isNotNull();
    }

    @Test
    void hasNoPolicyWhenOff() {
        Quotas none = Quotas.of(QuotaConfig.defaults(), now::get);

        assertThat(none.policy()).isNull();
        assertThat(none.count(SHOP, HERE)).isNull();
        assertThat(none).isSameAs(Quotas.NONE);
    }

    private void use(Client client, SocketAddress from, int times) {
        for (int i = 0; i < times; i++) {
            @Nullable QuotaExceeded over = quotas.count(client, from);
            assertThat(over).isNull();
        }
    }

    private void advance(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
