package org.mcpservermanager.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them: a number of megabytes (10^6), or a string with its unit. */
final class Sizes {
    static final long BYTES_MAX = 1_000_000_000_000_000L;
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([kmg]?)(i?b?)");
    private static final long MEGA = 1_000_000;

    private Sizes() {}

    /** Empty when it is negative or does not fit. */
    static Optional<Long> ofMegabytes(BigDecimal number) {
        // Compared before multiplied: 1e999999999 must cost nothing.
        return number.compareTo(BigDecimal.valueOf(BYTES_MAX)) > 0
                ? Optional.empty()
                : fit(number.multiply(BigDecimal.valueOf(MEGA)));
    }

    /** "kB", "MB", "GB" count in thousands; "KiB", "MiB", "GiB" and the bare letters that container tools take, in 1024. */
    static Optional<Long> parse(String text) {
        Matcher matcher = WITH_UNIT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()
                || (matcher.group(2) + matcher.group(3)).isEmpty()
                || matcher.group(3).equals("i")) {
            return Optional.empty();
        }
        int step = matcher.group(3).equals("b") ? 1000 : 1024;
        int power = "kmg".indexOf(matcher.group(2)) + 1;
        int steps = matcher.group(2).isEmpty() ? 0 : power;
        return fit(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(step).pow(steps)));
    }

    /** Exact, as a JSON number: 500, 536.870912. */
    static BigDecimal megabytes(long bytes) {
        BigDecimal plain = BigDecimal.valueOf(bytes, 6).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static Optional<Long> fit(BigDecimal bytes) {
        return bytes.signum() < 0 || bytes.compareTo(BigDecimal.valueOf(BYTES_MAX)) > 0
                ? Optional.empty()
                : Optional.of(bytes.longValue());
    }
}
