package io.hemline.importer;

import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shows on standard error how many rows of a large table were read: after a second, then once a second.
 *
 * <p>Confined to one thread.
 */
final class Progress {

    private static final long SECOND = 1_000_000_000L;

    private final PrintWriter out;
    private final boolean overwrite;

    /** {@code overwrite}: whether {@code out} is a terminal, on which a line replaces the one before. */
    Progress(PrintWriter out, boolean overwrite) {
        this.out = out;
        this.overwrite = overwrite;
    }

    /** The same table, with its reading shown. */
    Table of(Table table) {
        return new Shown(table);
    }

    private final class Shown implements Table {

        private final Table table;
        private boolean analysed;

        Shown(Table table) {
            this.table = table;
        }

        @Override
        public String name() {
            return table.name();
        }

        @Override
        public String kind() {
            return table.kind();
        }

        @Override
        public List<Guess> guesses() {
            return table.guesses();
        }

        @Override
        public long size() {
            return table.size();
        }

        @Override
        public void read(Predicate<Row> consumer) {
            Counter counter = new Counter(analysed ? "importing" : "analysing");
            table.read(row -> {
                counter.count();
                return consumer.test(row);
            });
            analysed = true;
            counter.end();
        }

        private final class Counter {

            private final String verb;
            private long rows;
            private long next = System.nanoTime() + SECOND;
            private boolean shown;

            Counter(String verb) {
                this.verb = verb;
            }

            void count() {
                rows++;
                if ((rows & 0xFFF) == 0 && System.nanoTime() > next) {
                    next = System.nanoTime() + SECOND;
                    show(overwrite ? "\r" : "", overwrite ? "" : System.lineSeparator());
                }
            }

            void end() {
                if (shown && overwrite) {
                    show("\r", System.lineSeparator());
                }
            }

            private void show(String before, String after) {
                shown = true;
                out.print(before + verb + " " + table.name() + ": " + String.format("%,d", rows) + " rows" + after);
                out.flush();
            }
        }
    }
}
