package io.hemline.store.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.testing.Fixtures;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCommandTest {

    @TempDir
    Path root;

    @BeforeEach
    void copyTheGoodStore() {
        Fixtures.copy("good", root);
    }

    @Test
    void listsInAlignedColumns() {
        Result result = store("list");

        assertThat(result.exitCode).isZero();
        assertThat(result.out.lines().map(line -> line.replaceAll("[0-9a-f]{12}$", "#")))
                .containsExactly(
                        "MODEL  VERSION  CHANNELS  CREATED               DIGEST",
                        "trend  2        -         2026-11-23T07:00:00Z  #",
                        "trend  1        stable    2026-11-23T07:00:00Z  #");
    }

    @Test
    void listsAsJsonWithTheAgreedMembers() throws Exception {
        Files.delete(root.resolve("trend/versions/2/manifest.json"));

        Result result = store("list", "--json");

        JsonNode list = Fixtures.JSON.readTree(result.out);
        assertThat(list.get(1).fieldNames())
                .toIterable()
                .containsExactly("model", "version", "channels", "created", "digest");
        assertThat(list.get(1).get("channels").toString()).isEqualTo("[\"stable\"]");
        assertThat(list.get(1).get("digest").textValue()).hasSize(64);
        assertThat(list.get(0).get("digest").isNull()).isTrue();
        assertThat(result.err).isEqualTo("version 2 of trend: file manifest.json is missing\n");
        assertThat(result.out.lines()).hasSize(1);
    }

    @Test
    void listsAStoreWithPointersThatNameNothing() throws Exception {
        Files.writeString(root.resolve("trend/channels/canary"), "9\n");
        Files.writeString(root.resolve("trend/channels/shadow"), "nine\n");

        Result result = store("list");

        assertThat(result.exitCode).isZero();
        assertThat(result.err)
                .contains("canary of trend names version 9, which is not there")
                .contains("must hold one version number, holds \"nine\\n\"");
    }

    @Test
    void promotesAndRollsBackAndPrintsBothVersions() {
        assertThat(store("promote", "2").out).isEqualTo("stable of trend is now version 2, was 1\n");
        assertThat(store("promote", "trend", "2").out).isEqualTo("stable of trend is version 2 already\n");
        assertThat(store("rollback").out).isEqualTo("stable of trend is now version 1, was 2\n");
        assertThat(store("promote", "2", "--channel", "canary", "--json").out)
                .isEqualTo("{\"model\":\"trend\",\"channel\":\"canary\",\"version\":2,\"previous\":null}\n");
        assertThat(store("rollback", "trend", "1", "--channel", "canary").exitCode)
                .isZero();
    }

    @Test
    void refusesToPromoteWhatVerifyRefuses() throws Exception {
        Files.writeString(root.resolve("trend/versions/2/card.md"), "changed");

        Result verified = store("verify");
        Result promoted = store("promote", "2");

        assertThat(verified.exitCode).isEqualTo(1);
        assertThat(verified.out).contains("trend  2        no      file card.md has 7 bytes, manifest.json says 187");
        assertThat(promoted.exitCode).isEqualTo(1);
        assertThat(promoted.out).isEmpty();
        assertThat(promoted.err)
                .isEqualTo("version 2 of trend is not intact: file card.md has 7 bytes, manifest.json says 187\n");
    }

    @Test
    void verifiesAsJson() throws Exception {
        JsonNode rows = Fixtures.JSON.readTree(store("verify", "trend", "1", "--json").out);

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).get("intact").booleanValue()).isTrue();
    }

    @Test
    void checksSignaturesByTheTrustedKeys() throws Exception {
        Path signatures = Path.of("fixtures", "signatures");
        String trusted = signatures.resolve("signer.pem").toString();
        Files.copy(signatures.resolve("whole.sig"), root.resolve("trend/versions/1/model.sig"));

        Result both = store("verify", "--public-key", trusted, "--require-signature");
        Result promoted = store("promote", "2", "--public-key", trusted, "--require-signature");

        assertThat(both.exitCode).isEqualTo(1);
        assertThat(both.out).containsPattern("trend +2 +no +it is not signed").containsPattern("trend +1 +yes");
        assertThat(promoted.exitCode).isEqualTo(1);
        assertThat(promoted.err).contains("version 2 of trend is not intact: it is not signed");
        assertThat(store("verify", "--require-signature").exitCode).isEqualTo(2);
    }

    /** A store in a folder loads no class of the AWS SDK. */
    @Test
    void needsNothingOfS3ForAFolder() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("awssdk"))
                .collect(Collectors.joining(File.pathSeparator));

        Process list = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        StoreCommand.class.getName(),
                        "verify",
                        "--store",
                        root.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(list.waitFor()).as(said).isZero();
        assertThat(said).containsPattern("trend +2 +yes");
    }

    @Test
    void showsMetricsBesideTheBaselinesAndTheCard() {
        Result result = store("show");

        assertThat(result.out)
                .contains("version      1\n")
                .contains("channels     stable\n")
                .contains("trained on   synthetic data\n")
                .containsPattern(
                        "BACKTEST +METRIC +MODEL +last_value +seasonal_naive\nfixture-waves +mase +[0-9.]+ +[0-9.]+ ")
                .endsWith("on 8 generated waves.\n");
    }

    @Test
    void showsAsJsonWithManifestAndCard() throws Exception {
        JsonNode json = Fixtures.JSON.readTree(store("show", "2", "--json").out);

        assertThat(json.at("/manifest/horizon").intValue()).isEqualTo(13);
        assertThat(json.get("card").textValue()).contains("times 0.8");
    }

    @Test
    void prunesButSparesWhatAChannelNames() {
        Fixtures.addVersion(root, 1, 3);

        assertThat(store("prune", "--keep", "1").out).isEqualTo("pruned of trend: 2\n");
        assertThat(store("prune", "--keep", "1").out).startsWith("nothing to prune");
        assertThat(store("prune", "--keep", "1", "--json").out).isEqualTo("{\"model\":\"trend\",\"pruned\":[]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "burn",
                "list a b",
                "promote",
                "promote two",
                "promote 1 2",
                "promote 1 --channel beta",
                "prune",
                "prune --keep 0",
                "prune --keep few",
                "list --colour"
            })
    void explainsWrongUsageOnTwoLines(String line) {
        Result result = run(line.split(" "));

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.out).isEmpty();
        assertThat(result.err.lines()).hasSize(2).last().asString().endsWith("--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show 9",
                "promote 9",
                "rollback",
                "rollback 2",
                "list handbags",
                "show ../good",
                "rollback --channel shadow"
            })
    void refusesWithOneSentence(String line) {
        Result result = store(line.split(" "));

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.out).isEmpty();
        assertThat(result.err.lines()).hasSize(1);
        assertThat(result.err).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "show", "verify", "promote", "rollback", "prune"})
    void givesExamplesForEachVerb(String verb) {
        Result result = run(verb, "--help");

        assertThat(result.exitCode).isZero();
        assertThat(result.out)
                .startsWith("Usage: ./hemline store " + verb)
                .contains("Examples:\n  ./hemline store " + verb);
    }

    private Result store(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--store";
        all[arguments.length + 1] = root.toString();
        return run(all);
    }

    private static Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = StoreCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    private record Result(int exitCode, String out, String err) {}
}
