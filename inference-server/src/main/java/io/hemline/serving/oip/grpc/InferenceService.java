package io.hemline.serving.oip.grpc;

import com.google.protobuf.MessageLite;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest;
import io.hemline.serving.oip.grpc.wire.ModelInferRequest.InferRequestedOutputTensor;
import io.hemline.serving.oip.grpc.wire.ModelInferResponse;
import io.hemline.serving.oip.grpc.wire.ModelMetadataRequest;
import io.hemline.serving.oip.grpc.wire.ModelMetadataResponse;
import io.hemline.serving.oip.grpc.wire.ModelMetadataResponse.TensorMetadata;
import io.hemline.serving.oip.grpc.wire.ModelReadyRequest;
import io.hemline.serving.oip.grpc.wire.ModelReadyResponse;
import io.hemline.serving.oip.grpc.wire.RepositoryIndexRequest;
import io.hemline.serving.oip.grpc.wire.RepositoryIndexResponse;
import io.hemline.serving.oip.grpc.wire.RepositoryIndexResponse.ModelIndex;
import io.hemline.serving.oip.grpc.wire.ServerLiveRequest;
import io.hemline.serving.oip.grpc.wire.ServerLiveResponse;
import io.hemline.serving.oip.grpc.wire.ServerMetadataRequest;
import io.hemline.serving.oip.grpc.wire.ServerMetadataResponse;
import io.hemline.serving.oip.grpc.wire.ServerReadyRequest;
import io.hemline.serving.oip.grpc.wire.ServerReadyResponse;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.store.TensorSpec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The methods of {@code inference.GRPCInferenceService}.
 *
 * <p>Immutable.
 */
final class InferenceService {

    private static final String SERVICE = "inference.GRPCInferenceService/";

    private final CheckedModels models;
    private final BooleanSupplier ready;
    private final ServerIdentity identity;
    private final Map<String, Method<?>> methods;

    InferenceService(CheckedModels models, BooleanSupplier ready, ServerIdentity identity) {
        this.models = models;
        this.ready = ready;
        this.identity = identity;
        this.methods = Map.of(
                SERVICE + "ServerLive",
                        new Method<>(
                                        ServerLiveRequest.parser(),
                                        now(request -> ServerLiveResponse.newBuilder()
                                                .setLive(true)
                                                .build()))
                                .withoutAuthentication(),
                SERVICE + "ServerReady",
                        new Method<>(ServerReadyRequest.parser(), now(this::ready)).withoutAuthentication(),
                SERVICE + "ModelReady", new Method<>(ModelReadyRequest.parser(), now(this::modelReady)),
                SERVICE + "ServerMetadata", new Method<>(ServerMetadataRequest.parser(), now(this::describeServer)),
                SERVICE + "ModelMetadata", new Method<>(ModelMetadataRequest.parser(), now(this::describeModel)),
                SERVICE + "RepositoryIndex", new Method<>(RepositoryIndexRequest.parser(), now(this::index)),
                SERVICE + "ModelInfer", new Method<>(ModelInferRequest.parser(), this::infer));
    }

    /** The methods by full name. */
    Map<String, Method<?>> methods() {
        return methods;
    }

    private static <Q> Method.Action<Q> now(Function<Q, MessageLite> answer) {
        return (request, deadlineNanos) -> Future.succeededFuture(answer.apply(request));
    }

    private ServerReadyResponse ready(ServerReadyRequest request) {
        return ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build();
    }

    /** An unknown model is not ready, without an error: clients poll this until the model is live. */
    private ModelReadyResponse modelReady(ModelReadyRequest request) {
        boolean live = true;
        try {
            models.find(request.getName(), version(request.getVersion()));
        } catch (ProblemException e) {
            live = false;
        }
        return ModelReadyResponse.newBuilder().setReady(live).build();
    }

    private ServerMetadataResponse describeServer(ServerMetadataRequest request) {
        return ServerMetadataResponse.newBuilder()
                .setName(identity.name())
                .setVersion(identity.version())
                .addAllExtensions(identity.extensions())
                .build();
    }

    private ModelMetadataResponse describeModel(ModelMetadataRequest request) {
        TensorModel model = models.find(request.getName(), version(request.getVersion()));
        return ModelMetadataResponse.newBuilder()
                .setName(model.name())
                .addAllVersions(model.versions())
                .setPlatform(TensorModel.PLATFORM)
                .addAllInputs(specs(model.inputs()))
                .addAllOutputs(specs(model.outputs()))
                .build();
    }

    private static List<TensorMetadata> specs(List<TensorSpec> specs) {
        return specs.stream()
                .map(spec -> TensorMetadata.newBuilder()
                        .setName(spec.name())
                        .setDatatype(spec.datatype().name())
                        .addAllShape(spec.shape())
                        .build())
                .toList();
    }

    private RepositoryIndexResponse index(RepositoryIndexRequest request) {
        RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
        for (IndexEntry entry : models.index(request.getReady())) {
            index.addModels(ModelIndex.newBuilder()
                    .setName(entry.name())
                    .setVersion(entry.version())
                    .setState(entry.state().name())
                    .setReason(entry.reason()));
        }
        return index.build();
    }

    private Future<ModelInferResponse> infer(ModelInferRequest request, long deadlineNanos) {
        String version = version(request.getModelVersion());
        TensorModel model = models.find(request.getModelName(), version);
        List<String> outputs = request.getOutputsList().stream()
                .map(InferRequestedOutputTensor::getName)
                .toList();
        boolean raw = request.getRawInputContentsCount() > 0;
        return models.infer(model, version, WireTensors.inputs(request), outputs, deadlineNanos)
                .map(inference -> WireTensors.answer(request, inference, raw));
    }

    private static @Nullable String version(String given) {
        return given.isEmpty() ? null : given;
    }
}
