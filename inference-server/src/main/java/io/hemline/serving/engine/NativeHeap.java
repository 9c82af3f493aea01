package io.hemline.serving.engine;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Returns freed native memory of closed sessions, which the C library retains, to the operating system. */
public final class NativeHeap {

    private NativeHeap() {}

    /** Trims the native heap if the JVM supports it (Linux with glibc); returns whether it does. */
    public static boolean trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
            return true;
        } catch (JMException | RuntimeException e) {
            // Best effort: without trimming the memory is reused by the process.
            return false;
        }
    }
}
