package org.mcpservermanager.gateway.modern;

import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.ServerId;

/**
 * What a stateless client knows a task by, where the server's own id would not do: it is worth nothing for another caller, and says
 * where the task is.
 *
 * @param own the id that the server, or what stands for it, gave
 */
public record TaskName(ServerId server, String caller, String own) {
    static final String PURPOSE = "task";

    String seal(Seal tasks) {
        return tasks.close(RawObject.of("")
                .put("s", JsonText.quote(server.value()))
                .put("c", JsonText.quote(caller))
                .put("t", JsonText.quote(own))
                .toString());
    }

    /** Empty unless it was made for this caller. */
    static Optional<TaskName> open(Seal tasks, String sealed, String caller) {
        return tasks.open(sealed).map(TaskName::of).filter(name -> name.caller().equals(caller));
    }

    private static TaskName of(String json) {
        RawObject all = RawObject.of(json);
        return new TaskName(new ServerId(all.text("s")), all.text("c"), all.text("t"));
    }
}
