package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientNetworkTest {

    static Stream<Arguments> cases() throws IOException {
        JsonNode table = new ObjectMapper()
                .readTree(
                        Path.of("../model-store/fixtures/client-networks.json").toFile());
        return StreamSupport.stream(table.spliterator(), false)
                .map(each -> Arguments.of(
                        each.get("address").asText(), each.get("network").asText()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void clientsWithoutANameAreCountedByNetwork(String address, String network) {
        assertThat(ClientNetwork.of(address)).isEqualTo(network);
    }
}
