package org.mcpservermanager.process;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** Says what a failed spawn means. The JDK hides the cause in its message, in another form since JDK 25. */
final class SpawnFailure {
    private static final Pattern NUMBER = Pattern.compile("error(?:=|: )(\\d+)");

    private SpawnFailure() {}

    /** Refused only for a known reason; what nobody foresaw, as a full disk, may be over at the next try. */
    static ProblemException of(Launch launch, IOException failure) {
        String text = String.valueOf(failure.getMessage());
        String message = Text.oneLine(text, 300) + ", server '" + launch.server() + "'.";
        // Comes when descriptors are nearly used up, and after the JDK was replaced on disk under a running JVM.
        if (text.contains("spawn helper") || text.contains("posix_spawn")) {
            return refuse(
                    Problem.HOST_EXHAUSTED,
                    "The JVM could not start its helper for new processes: " + message,
                    "Check the limits of open files and processes; after an update of the JDK, restart the application server.",
                    true);
        }
        Matcher number = NUMBER.matcher(text);
        return switch (number.find() ? Integer.parseInt(number.group(1)) : 0) {
            case 2 ->
                refuse(
                        Problem.COMMAND_NOT_FOUND,
                        "The command vanished before it could be started: " + message,
                        "Install it again.",
                        false);
            case 7 ->
                refuse(
                        Problem.INVALID_CONFIGURATION,
                        "Arguments and environment together are longer than the system allows: " + message,
                        "Shorten them, or pass values in a file.",
                        false);
            case 8 ->
                refuse(
                        Problem.NOT_EXECUTABLE,
                        "The command is no program of this machine's kind: " + message,
                        "Install the build for this processor and system.",
                        false);
            case 20, 36, 40 ->
                refuse(
                        Problem.INVALID_CONFIGURATION,
                        "The path of the command or of its working directory cannot be followed: " + message,
                        "Correct it: a part of it is no directory, a circle of links, or too long.",
                        false);
            case 1, 13 ->
                refuse(
                        Problem.NOT_EXECUTABLE,
                        "The command may not be executed: " + message,
                        "Check its permissions and whether its file system is mounted noexec.",
                        false);
            case 11, 12, 23, 24, 26 ->
                refuse(
                        Problem.HOST_EXHAUSTED,
                        "The machine could not start a process now: " + message,
                        "Free memory, or raise the limits of open files and processes of the application server.",
                        true);
            default ->
                new ProblemException(new Problem(
                        Problem.INTERNAL,
                        "The process could not be started: " + message,
                        "See the message of the system; it is tried again."));
        };
    }

    /** Threads or memory of this JVM ran out in the middle of a spawn. */
    static LaunchRefused of(Launch launch, OutOfMemoryError failure) {
        return refuse(
                Problem.HOST_EXHAUSTED,
                "The JVM ran out of threads or memory while it started server '" + launch.server() + "': "
                        + Text.oneLine(String.valueOf(failure.getMessage()), 200) + ".",
                "Raise the limit of processes, or the memory of the application server.",
                true);
    }

    static LaunchRefused refuse(String code, String message, String remedy, boolean hostFault) {
        return new LaunchRefused(new Problem(code, message, remedy), hostFault);
    }
}
