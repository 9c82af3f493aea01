package io.hemline.serving.engine;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Gives back to the system what the C library keeps of freed sessions: with large models as much as a whole version. */
public final class NativeHeap {

    private NativeHeap() {}

    /** Trims where the JVM can (JDK 17 on Linux with glibc), and does nothing elsewhere; says whether it could. */
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
            // Only memory that might have come back earlier.
            return false;
        }
    }
}
