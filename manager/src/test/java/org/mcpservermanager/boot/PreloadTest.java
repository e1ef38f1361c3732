package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PreloadTest {
    @Test
    void loadsEveryClassAhead() throws Exception {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(PreloadTest::url)
                .toArray(URL[]::new);
        try (Watching loader = new Watching(path)) {
            Class<?> preload = loader.loadClass("org.mcpservermanager.boot.Preload");
            var method = preload.getDeclaredMethod("allClasses");
            method.setAccessible(true);
            int count = (int) method.invoke(null);

            assertTrue(count > 300, count + " classes");
            assertTrue(loader.has("org.mcpservermanager.supervision.Input$Close"));
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (java.net.MalformedURLException impossible) {
            throw new IllegalArgumentException(entry, impossible);
        }
    }

    /** Sees what it has loaded, and shares nothing with the loader of this test. */
    private static final class Watching extends URLClassLoader {
        private Watching(URL[] path) {
            super(path, ClassLoader.getPlatformClassLoader());
        }

        private boolean has(String name) {
            return findLoadedClass(name) != null;
        }
    }
}
