package org.mcpservermanager.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class AdminKeyFile {
    private AdminKeyFile() {}

    static String read(Path stateDir) {
        try {
            return Files.readString(stateDir.resolve("admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("the admin key of the manager under test", e);
        }
    }
}
