package io.hemline.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeHeapTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void isTrimmedByTheSupportedJvm() {
        assertThat(NativeHeap.trim()).isTrue();
    }
}
