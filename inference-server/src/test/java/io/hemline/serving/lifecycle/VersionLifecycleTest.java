package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import org.junit.jupiter.api.Test;

class VersionLifecycleTest {

    @Test
    void statesOnlyGoForward() {
        for (ModelState from : ModelState.values()) {
            for (ModelState to : ModelState.values()) {
                VersionLifecycle lifecycle = new VersionLifecycle(1, () -> {});
                if (from != ModelState.NEW) {
                    lifecycle.enter(from == ModelState.FAILED ? ModelState.LOADING : from);
                }
                if (from == ModelState.FAILED) {
                    lifecycle.fail("broken");
                }
                boolean failsAlive = to == ModelState.FAILED && from.compareTo(ModelState.LIVE) >= 0;

                if (to.compareTo(from) > 0 && !failsAlive) {
                    lifecycle.enter(to);
                    assertThat(lifecycle.moment().state()).isEqualTo(to);
                } else {
                    assertThatThrownBy(() -> lifecycle.enter(to)).isInstanceOf(IllegalStateException.class);
                    assertThat(lifecycle.moment().state()).isEqualTo(from);
                }
            }
        }
    }
}
