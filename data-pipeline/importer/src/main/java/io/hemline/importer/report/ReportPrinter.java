package io.hemline.importer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.importer.report.Ledger.Finding;
import io.hemline.importer.report.Ledger.Guess;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the report of an import, for people or as one JSON object.
 *
 * <p>Immutable.
 */
public final class ReportPrinter {

    private final PrintWriter out;
    private final int shown;

    /** {@code shown}: findings printed of each rule. */
    public ReportPrinter(PrintWriter out, int shown) {
        this.out = out;
        this.shown = shown;
    }

    /** Prints for people; {@code written} says where the result went, one line each. */
    public void print(Ledger ledger, Summary summary, List<String> written) {
        printGuesses(ledger.guesses());
        printFindings(ledger);
        line(
                "values: %,d read = %,d kept + %,d merged + %,d empty + %,d refused",
                ledger.valuesRead(),
                ledger.valuesKept(),
                ledger.valuesMerged(),
                ledger.valuesEmpty(),
                ledger.valuesRefused());
        line(
                "result: %,d %s in %,d %s, weeks up to that of Monday %s",
                summary.trends(),
                summary.trends() == 1 ? "trend" : "trends",
                summary.markets(),
                summary.markets() == 1 ? "market" : "markets",
                summary.lastWeek());
        written.forEach(text -> line("%s", text));
        out.flush();
    }

    /** Prints one JSON object with everything that {@link #print} says, and up to 1,000 findings of each rule. */
    public void printJson(Ledger ledger, Summary summary, List<String> written) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode guesses = root.putArray("guesses");
        for (Guess guess : ledger.guesses()) {
            guesses.addObject()
                    .put("table", guess.table())
                    .put("what", guess.what())
                    .put("value", guess.value())
                    .put("option", guess.option().isEmpty() ? null : guess.option());
        }
        ArrayNode rules = root.putArray("findings");
        for (Map.Entry<Rule, Long> entry : ledger.applied().entrySet()) {
            rules.add(json(entry.getKey(), entry.getValue(), ledger.findings(entry.getKey())));
        }
        root.putObject("values")
                .put("read", ledger.valuesRead())
                .put("kept", ledger.valuesKept())
                .put("merged", ledger.valuesMerged())
                .put("empty", ledger.valuesEmpty())
                .put("refused", ledger.valuesRefused());
        root.putObject("result")
                .put("trends", summary.trends())
                .put("earlier", summary.earlier())
                .put("markets", summary.markets())
                .put("series", summary.series())
                .put("last_week", summary.lastWeek().toString());
        written.forEach(root.putArray("written")::add);
        out.println(root.toPrettyString());
        out.flush();
    }

    private static ObjectNode json(Rule rule, long count, List<Finding> findings) {
        ObjectNode node = new ObjectMapper()
                .createObjectNode()
                .put("rule", rule.name().toLowerCase(Locale.ROOT))
                .put("fact", rule.fact())
                .put("consequence", rule.consequence())
                .put("count", count);
        ArrayNode places = node.putArray("places");
        for (Finding finding : findings) {
            places.addObject()
                    .put("table", finding.place().table())
                    .put("row", finding.place().row())
                    .put("column", finding.place().column())
                    .put("detail", finding.detail());
        }
        return node;
    }

    private void printGuesses(List<Guess> guesses) {
        String table = "";
        for (Guess guess : guesses) {
            if (!guess.table().equals(table)) {
                table = guess.table();
                line("%s", table);
            }
            String option = guess.option().isEmpty() ? "" : "   (" + guess.option() + ")";
            line("  %-16s %s%s", guess.what(), guess.value(), option);
        }
    }

    private void printFindings(Ledger ledger) {
        for (Map.Entry<Rule, Long> entry : ledger.applied().entrySet()) {
            Rule rule = entry.getKey();
            line("%s: %s (%,d)", rule.fact(), rule.consequence(), entry.getValue());
            List<Finding> findings = ledger.findings(rule);
            findings.stream().limit(shown).forEach(finding -> line("  %s: %s", finding.place(), finding.detail()));
            long more = entry.getValue() - Math.min(shown, findings.size());
            if (more > 0) {
                line("  and %,d more%s", more, findings.size() > shown ? " (--verbose shows them)" : "");
            }
        }
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
