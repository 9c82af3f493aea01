package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSizesTest {

    @Test
    void takesTheLargestFilledSize() {
        BatchSizes sizes = BatchSizes.of(List.of(8, 1, 4, 2), 8);

        assertThat(List.of(sizes.take(1), sizes.take(3), sizes.take(7), sizes.take(8), sizes.take(100)))
                .containsExactly(1, 2, 4, 8, 8);
    }

    @Test
    void leavesOutSizesAboveTheMaximum() {
        assertThat(BatchSizes.of(List.of(1, 2, 4, 8), 5).max()).isEqualTo(4);
    }

    @Test
    void keepsTheSmallestSizeWhenAllAreAboveTheMaximum() {
        assertThat(BatchSizes.of(List.of(16, 32), 8).max()).isEqualTo(16);
    }

    @Test
    void padsOnlyBelowTheSmallestSize() {
        BatchSizes sizes = BatchSizes.of(List.of(4, 8), 8);

        assertThat(sizes.take(3)).isEqualTo(3);
        assertThat(sizes.padded(3)).isEqualTo(4);
    }

    @Test
    void refusesAnEmptyList() {
        assertThatThrownBy(() -> BatchSizes.of(List.of(), 8)).hasMessage("allowed: batch sizes from 1 on, not []");
    }

    @Test
    void padsWhereTheCallItselfIsExpensive() {
        BatchSizes sizes = BatchSizes.of(List.of(1, 2, 4, 8), 8).measured(new long[] {428, 584, 774, 1199});

        assertThat(List.of(sizes.take(1), sizes.take(3), sizes.take(6), sizes.take(7), sizes.take(9)))
                .containsExactly(1, 3, 6, 7, 8);
        assertThat(sizes.padded(7)).isEqualTo(8);
    }

    @Test
    void splitsWhereEveryRowCostsTheSame() {
        BatchSizes sizes = BatchSizes.of(List.of(1, 2, 4, 8), 8).measured(new long[] {1050, 1900, 3600, 7000});

        assertThat(List.of(sizes.take(1), sizes.take(3), sizes.take(5), sizes.take(7)))
                .containsExactly(1, 2, 4, 4);
    }
}
