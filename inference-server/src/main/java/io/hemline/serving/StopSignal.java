package io.hemline.serving;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for SIGTERM or Ctrl-C.
 *
 * <p>Thread-safe: a latch.
 */
final class StopSignal {

    /*
     * A shutdown hook is too late. ONNX Runtime's Java binding registers a hook of its own that frees its environment,
     * and the JVM runs all hooks at the same time: a session that still runs then crashes the process. So the signals
     * are handled before the JVM begins its shutdown; the main thread drains and closes everything, and only then ends
     * the JVM, when nothing native is left to run. The JDK offers this in jdk.unsupported alone (sun.misc.Signal). It
     * is called by reflection because javac warns of it in a way that cannot be suppressed; where it is missing, the
     * server still stops, but running requests are cut off. A second signal ends the process at once, without any
     * hooks.
     */
    private static final Logger log = LoggerFactory.getLogger(StopSignal.class);
    private static final List<String> NAMES = List.of("TERM", "INT");
    private static final int HALTED = 130;

    private final CountDownLatch given = new CountDownLatch(1);

    /** Handles the signals from now on. */
    void install() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler stop = (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(this, arguments);
                }
                give();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, stop);
            for (String name : NAMES) {
                Object named = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, named, proxy);
            }
        } catch (ReflectiveOperationException e) {
            log.warn("signals cannot be handled on this JVM; running requests may be cut off at the end", e);
        }
    }

    /** Ends the wait, as a signal would. */
    void give() {
        if (given.getCount() == 0) {
            Runtime.getRuntime().halt(HALTED);
        }
        given.countDown();
    }

    void await() throws InterruptedException {
        given.await();
    }
}
