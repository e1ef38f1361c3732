package org.mcpservermanager.server;

import java.util.List;

/**
 * Which names pass: those that fit one of {@code allow} (or all, when there is none) and none of {@code deny}. In a pattern
 * {@code *} stands for any text and {@code ?} for one character.
 */
public record NameFilter(List<String> allow, List<String> deny) {
    public static final NameFilter ALL = new NameFilter(List.of(), List.of());

    public NameFilter {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    public boolean admits(String name) {
        return (allow.isEmpty() || allow.stream().anyMatch(pattern -> fits(pattern, name))) && !denies(name);
    }

    public boolean denies(String name) {
        return deny.stream().anyMatch(pattern -> fits(pattern, name));
    }

    public boolean isAll() {
        return allow.isEmpty() && deny.isEmpty();
    }

    /** Goes back to the last star only, so that no pattern costs more than its length times the name's. */
    static boolean fits(String pattern, String name) {
        int at = 0;
        int star = -1;
        int retry = 0;
        int i = 0;
        while (i < name.length()) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : '\0';
            if (at < pattern.length() && wanted == '*') {
                star = at++;
                retry = i;
            } else if (at < pattern.length() && (wanted == '?' || wanted == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++retry;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
