package io.hemline.serving.engine;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** How ONNX Runtime is run here. */
final class Onnx {

    /*
     * DJL must come first: it creates the one OrtEnvironment of the process with options of its own and fails if somebody
     * has created one before. A second engine for array arithmetic is kept out (it leaks and is not needed), and so are
     * DJL's usage ping and its downloads.
     *
     * One thread within a run, and no spinning: as many runs as there are processors go on at once, each on a thread of
     * the batcher, and a pool that spins would take the processor from the others, most of all during a swap.
     */
    static final String ENGINE = "OnnxRuntime";

    static {
        System.setProperty("ai.djl.onnx.disable_alternative", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Engine.getEngine(ENGINE);
    }

    private Onnx() {}

    /** New options; to be closed after the session that uses them. */
    static SessionOptions sessionOptions() throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.setOptimizationLevel(OptLevel.ALL_OPT);
        options.setMemoryPatternOptimization(true);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }
}
