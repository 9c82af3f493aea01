package io.hemline.serving.lifecycle;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.engine.ForecasterSession;
import io.hemline.serving.engine.Row;
import io.hemline.serving.engine.RowLayout;
import io.hemline.serving.engine.RowTensors;
import io.hemline.store.Golden;
import io.hemline.store.Manifest;
import io.hemline.store.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The forecaster's golden answers row by row, regrouped into batches of every allowed size: a graph may be right for
 * one row and wrong for eight.
 *
 * <p>Immutable.
 */
final class GoldenRows {

    private final List<Row> rows = new ArrayList<>();
    private final List<Map<String, byte[]>> expected = new ArrayList<>();
    private final Manifest.Tolerance tolerance;

    GoldenRows(List<Golden.Case> cases, RowLayout layout) {
        this.tolerance = layout.manifest().tolerance();
        for (Golden.Case golden : cases) {
            List<Row> own = RowTensors.rows(golden.request(), layout);
            rows.addAll(own);
            for (int row = 0; row < own.size(); row++) {
                expected.add(slices(golden.expected(), row, own.size()));
            }
        }
    }

    /** The first difference, with its batch size; empty if there is none. */
    Optional<String> difference(ForecasterSession session, BatchSizes sizes, List<Tensor> shapes) {
        int first = 0;
        for (int size : sizes.all()) {
            List<Row> batch = new ArrayList<>(size);
            List<Map<String, byte[]>> wanted = new ArrayList<>(size);
            for (int place = 0; place < size; place++, first++) {
                batch.add(rows.get(first % rows.size()));
                wanted.add(expected.get(first % rows.size()));
            }
            List<String> names = shapes.stream().map(Tensor::name).toList();
            List<Tensor> answer = RowTensors.outputs(session.run(batch), names);
            Golden.Case whole = new Golden.Case(List.of(), joined(shapes, wanted));
            Optional<String> difference = whole.difference(answer, tolerance);
            if (difference.isPresent()) {
                return Optional.of("in a batch of " + size + ": " + difference.get());
            }
        }
        return Optional.empty();
    }

    private static Map<String, byte[]> slices(List<Tensor> tensors, int row, int rows) {
        Map<String, byte[]> slices = new HashMap<>();
        for (Tensor tensor : tensors) {
            ByteBuffer data = tensor.data();
            byte[] slice = new byte[data.remaining() / rows];
            data.get(row * slice.length, slice);
            slices.put(tensor.name(), slice);
        }
        return slices;
    }

    private static List<Tensor> joined(List<Tensor> shapes, List<Map<String, byte[]>> rows) {
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor like : shapes) {
            List<byte[]> parts = rows.stream().map(row -> row.get(like.name())).toList();
            ByteBuffer data =
                    Tensor.allocate(parts.stream().mapToInt(part -> part.length).sum());
            parts.forEach(data::put);
            long[] shape = like.shape();
            shape[0] = rows.size();
            tensors.add(new Tensor(like.name(), like.datatype(), shape, data.flip()));
        }
        return tensors;
    }
}
