package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsTheKeyAndItsLine() {
        int code = run("new", "--client", "shop", "--scope", "forecast:read", "--scope", "model:write");

        List<String> lines = out.toString().lines().toList();
        assertThat(code).isZero();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("hk_[A-Za-z0-9_-]{43}");
        assertThat(lines.get(1)).matches("shop forecast:read,model:write [0-9a-f]{64}");
    }

    @Test
    void addsTheLineToAFileAndPrintsTheKeyAlone(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "# without an end of line");

        int code = run("new", "--client", "shop", "--file", file.toString());

        assertThat(code).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(Files.readAllLines(file)).hasSize(2).last().asString().matches("shop forecast:read [0-9a-f]{64}");
    }

    @Test
    void refusesInOneLine() {
        assertThat(run("new")).isEqualTo(2);
        assertThat(run("new", "--client", "a b")).isEqualTo(2);
        assertThat(run("new", "--client", "a", "--scope", "all")).isEqualTo(2);
        assertThat(run("new", "--client", "a", "--file", "/no/such/folder/keys"))
                .isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).contains("--client"))
                .anySatisfy(line -> assertThat(line).contains("without blanks"))
                .anySatisfy(line -> assertThat(line).contains("forecast:read, model:write, edge"))
                .anySatisfy(line -> assertThat(line).contains("/no/such/folder/keys"));
    }

    private int run(String... arguments) {
        CommandLine commandLine =
                KeysCommand.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
