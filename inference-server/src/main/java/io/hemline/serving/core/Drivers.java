package io.hemline.serving.core;

import java.util.List;

/**
 * The weights of variables and weeks in a forecast.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param names of the variables
 * @param variableWeights one for each name, summing to 1
 * @param weekWeights one for each week of the model's context, oldest first and ending with the last week; summing to 1
 */
public record Drivers(List<String> names, float[] variableWeights, float[] weekWeights) {

    public Drivers {
        names = List.copyOf(names);
        if (names.size() != variableWeights.length) {
            throw new IllegalArgumentException(
                    "variableWeights: one for each of " + names + ", not " + variableWeights.length);
        }
    }
}
