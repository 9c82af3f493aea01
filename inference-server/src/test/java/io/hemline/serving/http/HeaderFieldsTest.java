package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderFieldsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                 | true",
                "'\"abc\"'         | true",
                "'W/\"abc\"'       | true",
                "'\"x\", \"abc\"'  | true",
                "'\"x\",W/\"abc\"' | true",
                "'\"ab\"'          | false",
                "'\"abcd\"'        | false",
                "'abc'             | false",
                "'\"abc'           | false",
                "''                | false",
            })
    void comparesEntityTagsWeakly(String list, boolean matches) {
        assertThat(HeaderFields.matchesTag(list, "\"abc\"")).isEqualTo(matches);
    }
}
