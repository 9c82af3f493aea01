package io.hemline.serving.features;

import io.hemline.serving.core.TrendQuestion;
import java.util.List;
import java.util.Set;

/**
 * Which trends the online store holds.
 *
 * <p>Immutable.
 *
 * @param trends each with its market
 * @param markets in which there are trends
 * @param asOf when the newest features were made, RFC 3339; empty when there are none
 */
record TrendList(List<TrendQuestion> trends, Set<String> markets, String asOf) {

    static final TrendList EMPTY = new TrendList(List.of(), Set.of(), "");

    TrendList {
        trends = List.copyOf(trends);
        markets = Set.copyOf(markets);
    }
}
