package org.mcpservermanager.supervision;

/**
 * On which side of its threshold a value is, without flapping: it is over after some measurements in a row above the threshold,
 * and back after {@link #BACK_AFTER} in a row below nine tenths of it. A pure function of what came before.
 *
 * @param run measurements in a row that speak for the other side
 */
record Hysteresis(boolean over, int run) {
    static final Hysteresis UNDER = new Hysteresis(false, 0);
    static final int BACK_AFTER = 2;
    private static final double BACK_SHARE = 0.9;

    /** @param threshold 0: none, then nothing is over */
    Hysteresis next(double value, double threshold, int overAfter) {
        if (threshold <= 0) {
            return UNDER;
        }
        boolean against = over ? value < threshold * BACK_SHARE : value > threshold;
        if (!against) {
            return new Hysteresis(over, 0);
        }
        boolean turned = run + 1 >= (over ? BACK_AFTER : overAfter);
        return turned ? new Hysteresis(!over, 0) : new Hysteresis(over, run + 1);
    }
}
