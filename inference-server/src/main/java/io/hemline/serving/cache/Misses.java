package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Fault;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions of one request that are computed together, each once, and the places of their entries.
 *
 * <p>Confined to one request.
 */
final class Misses {

    private final Request request;
    private final Map<CacheKey, List<Integer>> places = new LinkedHashMap<>();

    Misses(Request request) {
        this.request = request;
    }

    void add(CacheKey key, int place) {
        places.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(place);
    }

    boolean has(CacheKey key) {
        return places.containsKey(key);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    List<CacheKey> keys() {
        return List.copyOf(places.keySet());
    }

    /** The question of that key. */
    Question question(CacheKey key) {
        return request.questions().get(requireNonNull(places.get(key), "places").get(0));
    }

    /** The smaller request. */
    Request smaller() {
        List<Question> questions = new ArrayList<>(places.size());
        for (List<Integer> same : places.values()) {
            questions.add(request.questions().get(same.get(0)));
        }
        return request.asking(questions);
    }

    /** Puts the entries of the smaller request into their places. */
    void fill(@Nullable ForecastCache.Entry[] entries, List<ForecastCache.Entry> made) {
        if (made.isEmpty()) {
            return;
        }
        int i = 0;
        for (List<Integer> same : places.values()) {
            for (int place : same) {
                entries[place] = made.get(i);
            }
            i++;
        }
    }

    /** The failure of the smaller request in terms of the whole one: its faults at every place of the same question. */
    Throwable restored(Throwable failure) {
        if (!(failure instanceof ForecastException exception)
                || exception.faults().isEmpty()) {
            return failure;
        }
        List<List<Integer>> asked = List.copyOf(places.values());
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : exception.faults()) {
            for (int place : asked.get(fault.question())) {
                faults.add(new Fault(place, fault.field(), fault.detail()));
            }
        }
        faults.sort((a, b) -> Integer.compare(a.question(), b.question()));
        return ForecastException.of(exception.failure(), requireNonNull(exception.getMessage()), faults);
    }
}
