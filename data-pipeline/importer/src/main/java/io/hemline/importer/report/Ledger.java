package io.hemline.importer.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The account of an import. Every value that was read ends in one of four classes, so that <i>read = kept + merged +
 * empty + refused</i>; findings say what rule was applied where.
 *
 * <p>Confined to one thread.
 */
public final class Ledger {

    /** Findings kept of each rule; further ones are only counted. */
    public static final int FINDINGS_KEPT = 1000;

    private final List<Guess> guesses = new ArrayList<>();
    private final Map<Rule, List<Finding>> findings = new EnumMap<>(Rule.class);
    private final Map<Rule, Long> applied = new EnumMap<>(Rule.class);
    private long read;
    private long kept;
    private long merged;
    private long empty;
    private long refused;

    /**
     * What an option would override.
     *
     * @param table name of the table; empty for the whole import
     * @param what is guessed
     * @param value that was guessed
     * @param option that overrides it; empty without one
     */
    public record Guess(String table, String what, String value, String option) {}

    /**
     * One application of a rule.
     *
     * @param rule that was applied
     * @param place of the value
     * @param detail such as the cell's content, at most 80 characters, without control characters
     */
    public record Finding(Rule rule, Place place, String detail) {}

    /** Records a guess. */
    public void guess(String table, String what, String value, String option) {
        guesses.add(new Guess(table, what, value, option));
    }

    /** Counts a cell that may hold a value. */
    public void read() {
        read++;
    }

    /** Counts values that stand in the result. */
    public void kept(long values) {
        kept += values;
    }

    /** Counts values that were summed, averaged or found equal with another. */
    public void merged(long values) {
        merged += values;
    }

    /** Counts a cell without a value. */
    public void empty() {
        empty++;
    }

    /** Refuses a value. */
    public void refuse(Rule rule, Place place, String detail) {
        refused++;
        apply(rule, place, detail);
    }

    /** Records the application of a rule that refuses nothing. */
    public void apply(Rule rule, Place place, String detail) {
        applied.merge(rule, 1L, Long::sum);
        List<Finding> list = findings.computeIfAbsent(rule, unused -> new ArrayList<>());
        if (list.size() < FINDINGS_KEPT) {
            list.add(new Finding(rule, place, printable(detail)));
        }
    }

    public List<Guess> guesses() {
        return List.copyOf(guesses);
    }

    /** The rules that were applied, and how often. */
    public Map<Rule, Long> applied() {
        return applied;
    }

    /** The first applications of a rule. */
    public List<Finding> findings(Rule rule) {
        return findings.getOrDefault(rule, List.of());
    }

    public long valuesRead() {
        return read;
    }

    public long valuesKept() {
        return kept;
    }

    public long valuesMerged() {
        return merged;
    }

    public long valuesEmpty() {
        return empty;
    }

    public long valuesRefused() {
        return refused;
    }

    private static String printable(String text) {
        String clean = text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
        return clean.length() <= 80 ? clean : clean.substring(0, 79) + "…";
    }
}
