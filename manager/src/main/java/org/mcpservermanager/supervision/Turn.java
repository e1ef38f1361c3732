package org.mcpservermanager.supervision;

import java.util.List;

/** The outcome of one decision. */
record Turn(Life life, List<Effect> effects) {
    Turn {
        effects = List.copyOf(effects);
    }

    static Turn of(Life life, Effect... effects) {
        return new Turn(life, List.of(effects));
    }
}
