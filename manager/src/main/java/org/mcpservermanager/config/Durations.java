package org.mcpservermanager.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: a number in the unit of its key, or a string with its unit. */
final class Durations {
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h)");
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    static boolean countsMillis(String key) {
        boolean camel = key.chars().anyMatch(c -> c >= 'A' && c <= 'Z') || key.equals("timeout");
        return camel || key.endsWith("_ms");
    }

    /** Empty when it is negative or does not fit. */
    static Optional<Duration> of(BigDecimal number, boolean millis) {
        // Compared before multiplied: 1e999999999 must cost nothing.
        if (number.signum() < 0 || number.compareTo(NANOS_MAX) > 0) {
            return Optional.empty();
        }
        BigDecimal nanos = number.multiply(millis ? NANOS_PER_MILLI : NANOS_PER_SECOND);
        return nanos.compareTo(NANOS_MAX) > 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    static Optional<Duration> parse(String text) {
        Matcher matcher = WITH_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> of(number, true);
            case "s" -> of(number, false);
            case "m" -> of(number.multiply(BigDecimal.valueOf(60)), false);
            default -> of(number.multiply(BigDecimal.valueOf(3600)), false);
        };
    }

    /** Seconds, exact, as a JSON number: 30, 0.5. */
    static BigDecimal seconds(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        BigDecimal plain = seconds.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }
}
