package io.hemline.serving.oip.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.oip.grpc.wire.InferTensorContents;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferInputTensor;
import io.hemline.serving.oip.grpc.wire.ModelInferResponse;
import io.hemline.serving.oip.grpc.wire.ModelInferResponse.InferOutputTensor;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import io.hemline.store.TensorRejected;
import io.hemline.store.TensorTail;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tensors as gRPC carries them: raw, one string of bytes for each, or typed, in the field of their datatype. */
final class WireTensors {

    private static final int MAX_RANK = 8;

    private WireTensors() {}

    /** The inputs of a request; throws a {@link ProblemException} when they do not match their declarations. */
    static List<Tensor> inputs(ModelInferRequest request) {
        int raws = request.getRawInputContentsCount();
        if (raws > 0 && raws != request.getInputsCount()) {
            throw invalid(
                    "raw_input_contents: one for each of the " + request.getInputsCount() + " inputs, not " + raws);
        }
        Set<String> names = new HashSet<>();
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor input = request.getInputs(i);
            if (!names.add(input.getName())) {
                throw invalid("tensor \"" + input.getName() + "\" is there twice");
            }
            if (raws > 0 && input.hasContents()) {
                throw invalid("tensor \"" + input.getName() + "\" has both contents and raw_input_contents");
            }
            tensors.add(raws > 0 ? raw(input, request.getRawInputContents(i)) : typed(input));
        }
        return tensors;
    }

    private static Tensor raw(InferInputTensor input, ByteString bytes) {
        return tensor(input, bytes.asReadOnlyByteBuffer());
    }

    private static Tensor typed(InferInputTensor input) {
        InferTensorContents contents = input.getContents();
        return switch (datatype(input)) {
            case FP32 -> {
                ByteBuffer bytes = Tensor.allocate(contents.getFp32ContentsCount() * Float.BYTES);
                contents.getFp32ContentsList().forEach(bytes::putFloat);
                yield tensor(input, bytes.flip());
            }
            case INT64 -> {
                ByteBuffer bytes = Tensor.allocate(contents.getInt64ContentsCount() * Long.BYTES);
                contents.getInt64ContentsList().forEach(bytes::putLong);
                yield tensor(input, bytes.flip());
            }
            case BOOL -> {
                ByteBuffer bytes = Tensor.allocate(contents.getBoolContentsCount());
                contents.getBoolContentsList().forEach(value -> bytes.put((byte) (value ? 1 : 0)));
                yield tensor(input, bytes.flip());
            }
            case UINT8 -> {
                ByteBuffer bytes = Tensor.allocate(contents.getUintContentsCount());
                contents.getUintContentsList().forEach(value -> bytes.put(uint8(input, value)));
                yield tensor(input, bytes.flip());
            }
            case BYTES -> tensor(input, lengthPrefixed(contents.getBytesContentsList()));
        };
    }

    /** Each string preceded by its length, as in raw contents. */
    private static ByteBuffer lengthPrefixed(List<ByteString> strings) {
        int size = strings.stream()
                .mapToInt(string -> Integer.BYTES + string.size())
                .sum();
        ByteBuffer bytes = Tensor.allocate(size);
        for (ByteString string : strings) {
            bytes.putInt(string.size());
            string.copyTo(bytes);
        }
        return bytes.flip();
    }

    private static byte uint8(InferInputTensor input, int value) {
        if (value < 0 || value > 255) {
            throw invalid("tensor \"" + input.getName() + "\": an element must be 0 to 255, is "
                    + Integer.toUnsignedString(value));
        }
        return (byte) value;
    }

    private static Tensor tensor(InferInputTensor input, ByteBuffer bytes) {
        if (input.getShapeCount() > MAX_RANK) {
            throw invalid("tensor \"" + input.getName() + "\": shape has more than " + MAX_RANK + " dimensions");
        }
        long[] shape = new long[input.getShapeCount()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = input.getShape(i);
            if (shape[i] < 0 || shape[i] > Integer.MAX_VALUE) {
                throw invalid("tensor \"" + input.getName() + "\": shape dimension " + i
                        + " must be a whole number from 0 to " + Integer.MAX_VALUE + ", not " + shape[i]);
            }
        }
        try {
            return TensorTail.tensor(input.getName(), datatype(input), shape, bytes);
        } catch (TensorRejected e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Datatype datatype(InferInputTensor input) {
        return Datatype.parse(input.getDatatype())
                .orElseThrow(() -> invalid("tensor \"" + input.getName() + "\": datatype must be one of "
                        + Arrays.toString(Datatype.values()) + ", not " + input.getDatatype()));
    }

    /** The answer, in the representation that the request came in. */
    static ModelInferResponse answer(ModelInferRequest request, Inference inference, boolean raw) {
        ModelInferResponse.Builder answer = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(inference.version())
                .setId(request.getId());
        for (Tensor tensor : inference.outputs()) {
            InferOutputTensor.Builder output = InferOutputTensor.newBuilder()
                    .setName(tensor.name())
                    .setDatatype(tensor.datatype().name());
            for (long dimension : tensor.shape()) {
                output.addShape(dimension);
            }
            if (raw) {
                answer.addRawOutputContents(UnsafeByteOperations.unsafeWrap(tensor.data()));
            } else {
                output.setContents(contents(tensor));
            }
            answer.addOutputs(output);
        }
        return answer.build();
    }

    private static InferTensorContents contents(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        if (tensor.datatype() == Datatype.BYTES) {
            tensor.byteStrings().forEach(string -> contents.addBytesContents(ByteString.copyFrom(string)));
            return contents.build();
        }
        for (int i = 0; i < tensor.elements(); i++) {
            switch (tensor.datatype()) {
                case FP32 -> contents.addFp32Contents(tensor.floats().get(i));
                case INT64 -> contents.addInt64Contents(tensor.longs().get(i));
                case BOOL -> contents.addBoolContents(tensor.booleanAt(i));
                case UINT8 -> contents.addUintContents(tensor.uint8At(i));
                case BYTES -> throw new IllegalStateException("strings are not taken one by one");
            }
        }
        return contents.build();
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(ProblemType.INVALID_TENSORS, message);
    }
}
