package org.mcpservermanager.process;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What the kernel lets the manager do to processes of other users. */
final class Capabilities {
    /** With their numbers: to become another user, to signal its processes, and to find them by their environment. */
    private enum Needed {
        CAP_KILL(5),
        CAP_SETGID(6),
        CAP_SETUID(7),
        CAP_SYS_PTRACE(19);

        private final int bit;

        Needed(int bit) {
            this.bit = bit;
        }
    }

    private Capabilities() {}

    /** @param status the lines of /proc/self/status */
    static List<String> lacking(List<String> status) {
        BigInteger effective = status.stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .map(line -> new BigInteger(line.substring("CapEff:".length()).strip(), 16))
                .orElse(BigInteger.ZERO);
        List<String> lacking = new ArrayList<>();
        for (Needed one : Needed.values()) {
            if (!effective.testBit(one.bit)) {
                lacking.add(one.name());
            }
        }
        return lacking;
    }
}
