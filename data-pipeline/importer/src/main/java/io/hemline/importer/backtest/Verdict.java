package io.hemline.importer.backtest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Hemline against the best baseline, in words. The interval of the difference comes from a paired bootstrap over series
 * (Efron and Tibshirani 1993, chapter 6) with a fixed seed.
 *
 * @param best the baseline with the lowest MASE
 * @param low 2.5 % quantile of the mean difference of MASE, Hemline's minus the baseline's
 * @param high 97.5 % quantile
 * @param wins series on which Hemline's error is smaller
 * @param series compared
 * @param words one or two sentences
 */
record Verdict(String best, double low, double high, int wins, int series, String words) {

    private static final int SAMPLES = 2000;
    private static final long SEED = 13;
    private static final int FEW = 10;

    static Verdict of(List<Trial> trials, Accuracy ours, List<Accuracy> baselines) {
        Accuracy best = baselines.get(0);
        for (Accuracy each : baselines) {
            best = each.mase() < best.mase() ? each : best;
        }
        double[] mine = Accuracy.bySeries(trials, ours.errors());
        double[] others = Accuracy.bySeries(trials, best.errors());
        double[] differences = new double[mine.length];
        int wins = 0;
        for (int i = 0; i < mine.length; i++) {
            differences[i] = mine[i] - others[i];
            wins += differences[i] < 0 ? 1 : 0;
        }
        double[] means = bootstrap(differences);
        double low = means[(int) (0.025 * SAMPLES)];
        double high = means[(int) (0.975 * SAMPLES) - 1];
        return new Verdict(
                best.method(), low, high, wins, mine.length, words(ours, best, low, high, wins, mine.length));
    }

    private static double[] bootstrap(double[] differences) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[SAMPLES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += differences[random.nextInt(differences.length)];
            }
            means[sample] = sum / differences.length;
        }
        Arrays.sort(means);
        return means;
    }

    private static String words(Accuracy ours, Accuracy best, double low, double high, int wins, int series) {
        String numbers = String.format(
                Locale.ROOT,
                "MASE %.3f against %.3f, smaller errors on %d of %d series",
                ours.mase(),
                best.mase(),
                wins,
                series);
        String few = series < FEW ? " These are few series: take it as a hint." : "";
        if (high < 0) {
            return "Hemline is better than the best simple method (" + best.method() + ") here: " + numbers + "." + few;
        }
        if (low > 0) {
            return "Hemline is worse than the best simple method (" + best.method() + ") here: " + numbers
                    + ". Use that method for these series, or train on series like them." + few;
        }
        return "Hemline and the best simple method (" + best.method() + ") cannot be told apart here: " + numbers + "."
                + few;
    }
}
