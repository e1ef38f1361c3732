package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "500MB,500000000",
        "500 mb,500000000",
        "1.5 GB,1500000000",
        "2kB,2000",
        "700b,700",
        "1GiB,1073741824",
        "512m,536870912",
        "1K,1024"
    })
    void readsTextWithItsUnit(String text, long bytes) {
        assertEquals(Optional.of(bytes), Sizes.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"500", "MB", "-1MB", "1TB", "1mi", "1i", "''", "1e3MB", "999999999999999GB"})
    void refusesTextWithoutAUnitThatItKnows(String text) {
        assertEquals(Optional.empty(), Sizes.parse(text));
    }

    @Test
    void refusesNumbersThatDoNotFitAtOnce() {
        assertEquals(Optional.empty(), Sizes.ofMegabytes(new BigDecimal("1e999999999")));
        assertEquals(Optional.empty(), Sizes.ofMegabytes(new BigDecimal("1000000001")));
        assertEquals(Optional.empty(), Sizes.ofMegabytes(new BigDecimal("-0.1")));
        assertEquals(Optional.of(0L), Sizes.ofMegabytes(new BigDecimal("1e-999999999")));
    }

    @ParameterizedTest
    @CsvSource({"500000000,500", "536870912,536.870912", "1,0.000001", "0,0", "1000000000000000,1000000000"})
    void writesMegabytesThatComeBack(long bytes, BigDecimal megabytes) {
        assertEquals(megabytes, Sizes.megabytes(bytes));
        assertEquals(Optional.of(bytes), Sizes.ofMegabytes(megabytes));
    }
}
