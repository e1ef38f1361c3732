package org.mcpservermanager.process;

import static org.mcpservermanager.server.Problem.COMMAND_NOT_FOUND;
import static org.mcpservermanager.server.Problem.DIRECTORY_NOT_FOUND;
import static org.mcpservermanager.server.Problem.INTERPRETER_NOT_FOUND;
import static org.mcpservermanager.server.Problem.INVALID_CONFIGURATION;
import static org.mcpservermanager.server.Problem.NOT_EXECUTABLE;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/** Finds out before the spawn what the operating system would only call "No such file or directory". */
final class Preflight {
    /** The kernel's limit for one argument or variable (MAX_ARG_STRLEN), with its terminator. */
    private static final int STRING_BYTES_MAX = 128 << 10;

    private static final int HEAD_BYTES = 256;
    private static final int INTERPRETERS_DEEP_MAX = 5;
    private final Launch launch;
    private final CommandPath path;

    private Preflight(Launch launch) {
        this.launch = launch;
        this.path = new CommandPath(launch.environment(), launch.directory());
    }

    /** @return the command with its program as an absolute path */
    static List<String> check(Launch launch) {
        Preflight preflight = new Preflight(launch);
        preflight.checkStrings();
        preflight.checkDirectory();
        Path program = preflight.findProgram();
        preflight.checkFormat(program, 0);
        List<String> command = new ArrayList<>(launch.command());
        command.set(0, program.toString());
        return command;
    }

    private void checkStrings() {
        if (launch.command().isEmpty() || launch.command().get(0).isBlank()) {
            throw refuse(INVALID_CONFIGURATION, "the command is empty", "Set \"command\" to a program's name or path.");
        }
        for (int i = 0; i < launch.command().size(); i++) {
            checkString(
                    i == 0 ? "the command" : "argument " + i, launch.command().get(i));
        }
        for (Map.Entry<String, String> variable : launch.environment().entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=', 1) >= 0 || name.charAt(0) == '=') {
                throw refuse(
                        INVALID_CONFIGURATION,
                        "environment variable name \"" + Text.oneLine(name, 80) + "\" is empty or contains '='",
                        "Rename the variable.");
            }
            checkString("environment variable " + Text.oneLine(name, 80), name + "=" + variable.getValue());
        }
    }

    /** Never shows the value, which may be a secret. */
    private void checkString(String what, String value) {
        if (value.indexOf('\0') >= 0) {
            throw refuse(
                    INVALID_CONFIGURATION,
                    what + " contains a NUL character at position " + value.indexOf('\0')
                            + ", which no process can be given",
                    "Remove it.");
        }
        Charset charset = charsetOfProcesses();
        byte[] bytes = value.getBytes(charset);
        if (!new String(bytes, charset).equals(value)) {
            throw refuse(
                    INVALID_CONFIGURATION,
                    what + " contains characters that this JVM cannot pass to a process: its locale's encoding is "
                            + charset,
                    "Start the application server with a UTF-8 locale, for example LC_ALL=C.UTF-8.");
        }
        if (bytes.length >= STRING_BYTES_MAX) {
            throw refuse(
                    INVALID_CONFIGURATION,
                    what + " is " + bytes.length + " bytes long (expected: less than " + STRING_BYTES_MAX + ")",
                    "Put the value into a file and pass the file's name.");
        }
    }

    static Charset charsetOfProcesses() {
        String name = System.getProperty("sun.jnu.encoding", "");
        return Runtime.version().feature() >= 18 && Charset.isSupported(name)
                ? Charset.forName(name)
                : Charset.defaultCharset();
    }

    private void checkDirectory() {
        Path directory = launch.directory();
        if (!Files.isDirectory(directory)) {
            throw refuse(
                    DIRECTORY_NOT_FOUND,
                    "working directory \"" + directory + "\" "
                            + (Files.exists(directory) ? "is not a directory" : "does not exist"),
                    "Create it, or set another working directory.");
        }
        if (!Files.isExecutable(directory)) {
            throw refuse(
                    DIRECTORY_NOT_FOUND,
                    "working directory \"" + directory + "\" may not be entered by user " + user(),
                    "Give that user the right to enter it, or set another working directory.");
        }
    }

    private Path findProgram() {
        String command = launch.command().get(0);
        List<Path> candidates = path.candidates(command);
        Optional<Path> program =
                candidates.stream().filter(CommandPath::isProgram).findFirst();
        if (program.isPresent()) {
            return program.get();
        }
        Optional<Path> present = candidates.stream().filter(Files::exists).findFirst();
        if (present.isPresent()) {
            throw notExecutable(present.get());
        }
        String named = "command \"" + Text.oneLine(command, 200) + "\"";
        if (CommandPath.isPath(command)) {
            throw refuse(
                    COMMAND_NOT_FOUND,
                    named + " does not exist (looked for " + candidates.get(0) + ")",
                    "Correct the path, or install the program there.");
        }
        throw refuse(
                COMMAND_NOT_FOUND,
                named + " was not found (looked in " + path.places() + ")",
                "Install it, give its absolute path, or set PATH in the server's environment.");
    }

    private LaunchRefused notExecutable(Path file) {
        return Files.isDirectory(file)
                ? refuse(NOT_EXECUTABLE, "command \"" + file + "\" is a directory", "Name the program inside it.")
                : refuse(
                        NOT_EXECUTABLE,
                        "command \"" + file + "\" may not be executed by user " + user(),
                        "Make it executable, for example: chmod +x " + file);
    }

    private void checkFormat(Path file, int depth) {
        Optional<String> head = CommandPath.isWindows() ? Optional.empty() : head(file);
        if (head.isEmpty()) {
            return;
        }
        if (head.get().startsWith("#!")) {
            checkInterpreter(file, head.get(), depth);
        } else if (head.get().indexOf('\0') < 0) {
            // Handing such a file to a shell, as some launchers do, would run a shell nobody asked for.
            throw refuse(
                    NOT_EXECUTABLE,
                    "command \"" + file + "\" is neither a program nor a script: it is "
                            + (head.get().isEmpty() ? "empty" : "a text whose first line does not begin with #!"),
                    "Add a first line such as #!/bin/sh, or set the command to the interpreter and the file as its argument.");
        }
    }

    private void checkInterpreter(Path script, String head, int depth) {
        Shebang shebang = Shebang.parse(head);
        Path interpreter = launch.directory().resolve(shebang.interpreter());
        if (!CommandPath.isProgram(interpreter)) {
            throw noInterpreter(script, shebang, shebang.interpreter(), "it does not exist or is not executable");
        }
        Optional<String> program = shebang.programOfEnv();
        if (program.isPresent() && path.candidates(program.get()).stream().noneMatch(CommandPath::isProgram)) {
            throw noInterpreter(script, shebang, program.get(), "looked in " + path.places());
        }
        if (depth < INTERPRETERS_DEEP_MAX) {
            checkFormat(interpreter, depth + 1);
        }
    }

    private LaunchRefused noInterpreter(Path script, Shebang shebang, String name, String where) {
        boolean windowsLine = shebang.line().endsWith("\r");
        return refuse(
                INTERPRETER_NOT_FOUND,
                "interpreter \"" + Text.oneLine(name, 200) + "\" of script " + script + " was not found (" + where
                        + "; first line: \"" + Text.oneLine(shebang.line(), 120) + "\")",
                windowsLine
                        ? "The first line ends like a Windows text; convert the script to Unix line ends."
                        : "Install the interpreter, or correct the script's first line.");
    }

    static boolean isScript(Path file) {
        return head(file).filter(head -> head.startsWith("#!")).isPresent();
    }

    /** The first bytes, one character each; empty when they may not be read, which does not forbid to execute. */
    private static Optional<String> head(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] head = new byte[HEAD_BYTES];
            int length = in.readNBytes(head, 0, HEAD_BYTES);
            return Optional.of(new String(head, 0, length, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String user() {
        return System.getProperty("user.name");
    }

    private LaunchRefused refuse(String code, String message, String remedy) {
        return new LaunchRefused(new Problem(code, message + ", server '" + launch.server() + "'.", remedy), false);
    }
}
