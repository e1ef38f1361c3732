import java.nio.file.Path;
import java.util.List;

/** One supervisor under measure, always with its smallest delay before a restart. */
interface Contestant {
    String name();

    /** Empty when it can be run here; otherwise what is missing. */
    String missing();

    /** Makes its files for children of these names, none of them started, and starts the supervisor itself. */
    void open(Path directory, List<String> children, boolean kids) throws Exception;

    /** Every child, by the fastest command it has; may return before they live. */
    void startAll() throws Exception;

    void stopAll() throws Exception;

    /** The processes that are the supervisor's own, not its children. */
    List<Long> own();

    /** Ends the supervisor, politely. */
    void close() throws Exception;
}
