package io.hemline.serving.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process takes of the machine, under Prometheus' usual names, beside what there is of it: {@code
 * process_cpu_seconds_total} of {@code process_cpus}, {@code process_resident_memory_bytes} of {@code
 * process_memory_limit_bytes}. Inside a container these are the container's.
 */
public final class ProcessMeters {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double NANOS = 1e9;
    private static final double KIB = 1024;

    private ProcessMeters() {}

    /** Shows them; where there is no {@code /proc}, without the resident memory. */
    public static void register(MeterRegistry meters) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        FunctionCounter.builder("process.cpu.seconds", system, bean -> bean.getProcessCpuTime() / NANOS)
                .description("CPU time that the process has used")
                .register(meters);
        Gauge.builder("process.cpus", system, OperatingSystemMXBean::getAvailableProcessors)
                .description("Processors that the process may use")
                .register(meters);
        Gauge.builder("process.memory.limit.bytes", system, OperatingSystemMXBean::getTotalMemorySize)
                .description("Memory of the machine or container")
                .register(meters);
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process.resident.memory.bytes", ProcessMeters::residentBytes)
                    .description("Memory that the process holds, native too")
                    .register(meters);
        }
    }

    private static double residentBytes() {
        try {
            return residentBytes(Files.readString(STATUS));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The bytes that a status of Linux calls resident. */
    static double residentBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> KIB * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(Double.NaN);
    }
}
