package org.mcpservermanager.process;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server sees of the environment: a short list of harmless variables of this JVM, and what its spec declares. Everything
 * else stays here: an application server's environment holds passwords of databases and key stores.
 */
public final class BaseEnvironment {
    static final String PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Set<String> POSIX = Set.of("PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER", "SHELL");
    private static final Set<String> WINDOWS = Set.of(
            "PATH",
            "PATHEXT",
            "SYSTEMROOT",
            "SYSTEMDRIVE",
            "WINDIR",
            "COMSPEC",
            "TEMP",
            "TMP",
            "USERPROFILE",
            "USERNAME",
            "HOMEDRIVE",
            "HOMEPATH",
            "APPDATA",
            "LOCALAPPDATA",
            "PROGRAMDATA",
            "PROGRAMFILES",
            "PROGRAMFILES(X86)",
            "NUMBER_OF_PROCESSORS",
            "PROCESSOR_ARCHITECTURE",
            "LANG",
            "TZ");
    private static final boolean IS_WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final Set<String> PERSONAL = Set.of("HOME", "USER", "LOGNAME", "SHELL", "TMPDIR");
    private final Map<String, String> inherited;
    private final boolean windows;

    BaseEnvironment(Map<String, String> all, boolean windows) {
        this.windows = windows;
        Map<String, String> kept = empty();
        all.forEach((name, value) -> {
            if (isInherited(name)) {
                kept.put(name, value);
            }
        });
        if (!windows) {
            kept.putIfAbsent("PATH", PATH_DEFAULT);
        }
        inherited = kept;
    }

    public static BaseEnvironment ofThisJvm() {
        return new BaseEnvironment(System.getenv(), isWindows());
    }

    /** Without what tells of the manager's own user. */
    public BaseEnvironment ofSomebodyElse() {
        Map<String, String> rest = new TreeMap<>(inherited);
        rest.keySet().removeAll(PERSONAL);
        return new BaseEnvironment(rest, windows);
    }

    /** The final environment of a server; what it declares wins. */
    public Map<String, String> with(Map<String, String> declared) {
        Map<String, String> result = empty();
        result.putAll(inherited);
        result.putAll(declared);
        return result;
    }

    static boolean isWindows() {
        return IS_WINDOWS;
    }

    private boolean isInherited(String name) {
        return windows
                ? WINDOWS.contains(name.toUpperCase(Locale.ROOT))
                : POSIX.contains(name) || name.startsWith("LC_");
    }

    private Map<String, String> empty() {
        return windows ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
    }
}
