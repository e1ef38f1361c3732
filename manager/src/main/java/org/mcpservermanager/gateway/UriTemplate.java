package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Tells whether a URI can come of an RFC 6570 template. Works through the template once, keeping the set of positions reached in
 * the URI: no backtracking, so a hostile template costs no more than its length times the URI's.
 */
final class UriTemplate {
    private static final int PARTS_MAX = 64;
    private static final int URI_LENGTH_MAX = 8192;

    /** How well a URI fits. */
    enum Fit {
        NO,
        /** Only when a simple expression may stand for text with slashes, as many servers take it. */
        LOOSE,
        EXACT
    }

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    /** An expression; {@code segment}: expands to one path segment (simple expansion encodes reserved characters). */
    private record Hole(boolean segment) implements Part {}

    private final List<Part> parts = new ArrayList<>();
    private final int literalLength;
    private final boolean tooLong; // such a template fits nothing

    UriTemplate(String template) {
        int at = 0;
        int literals = 0;
        while (at < template.length() && parts.size() < PARTS_MAX) {
            int open = template.indexOf('{', at);
            int close = open < 0 ? -1 : template.indexOf('}', open);
            int end = close < 0 ? template.length() : open;
            if (end > at) {
                parts.add(new Literal(template.substring(at, end)));
                literals += end - at;
            }
            if (close >= 0) {
                parts.add(new Hole(close == open + 1 || "+#/?&;.".indexOf(template.charAt(open + 1)) < 0));
            }
            at = close < 0 ? template.length() : close + 1;
        }
        tooLong = at < template.length();
        literalLength = literals;
    }

    /** Characters that are fixed; of two templates that fit, the longer literal is the better owner. */
    int literalLength() {
        return literalLength;
    }

    Fit fit(String uri) {
        if (tooLong || uri.length() > URI_LENGTH_MAX) {
            return Fit.NO;
        }
        if (matches(uri, true)) {
            return Fit.EXACT;
        }
        return matches(uri, false) ? Fit.LOOSE : Fit.NO;
    }

    private boolean matches(String uri, boolean strict) {
        BitSet reached = new BitSet(uri.length() + 1);
        reached.set(0);
        for (Part part : parts) {
            if (reached.isEmpty()) {
                return false;
            }
            reached = part instanceof Literal literal
                    ? after(literal.text(), uri, reached)
                    : afterHole(((Hole) part).segment(), strict, uri, reached);
        }
        return reached.get(uri.length());
    }

    private static BitSet after(String literal, String uri, BitSet reached) {
        BitSet next = new BitSet();
        for (int i = reached.nextSetBit(0); i >= 0; i = reached.nextSetBit(i + 1)) {
            if (uri.startsWith(literal, i)) {
                next.set(i + literal.length());
            }
        }
        return next;
    }

    /** A simple expression takes at least one character, and in strict reading none of those it would have encoded. */
    private static BitSet afterHole(boolean segment, boolean strict, String uri, BitSet reached) {
        BitSet next = new BitSet();
        boolean inside = false;
        for (int i = 0; i < uri.length(); i++) {
            inside |= reached.get(i);
            if (segment && strict && "/?#".indexOf(uri.charAt(i)) >= 0) {
                inside = false;
            }
            if (inside) {
                next.set(i + 1);
            }
        }
        if (!segment) {
            next.or(reached);
        }
        return next;
    }
}
