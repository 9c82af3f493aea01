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
 * CPU time and memory of the process and their limits, under the names of Prometheus' client libraries: {@code
 * process_cpu_seconds_total} of {@code process_cpus}, {@code process_resident_memory_bytes} of {@code
 * process_memory_limit_bytes}. In a container the limits are those of the container. Micrometer's {@code
 * ProcessorMetrics} has other names and units ({@code process_cpu_time_ns_total}, {@code system_cpu_count}).
 */
public final class ProcessMeters {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double NANOS = 1e9;
    private static final double KIB = 1024;

    private ProcessMeters() {}

    /** Registers the meters; without {@code /proc} there is none of the resident memory. */
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

    /** {@code VmRSS} of a {@code /proc/self/status} in bytes, {@code NaN} if it is missing. */
    static double residentBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> KIB * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(Double.NaN);
    }
}
