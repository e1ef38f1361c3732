package org.mcpservermanager.supervision;

import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.process.Child;

/** What a copy has now, and whether its end is still to be told. Guarded by this; it decides and calls nobody. */
final class CopyState {
    /** What a child is to the copy when it comes. */
    enum Part {
        STAYS,
        /** It may turn out to have been started only to be asked what it speaks. */
        ASKED,
        /** The copy was told to end before. */
        UNWANTED
    }

    /**
     * @param child null before it was spawned
     * @param conversation null before it was open
     */
    record Held(Child child, Conversation conversation) {}

    private Child child;
    private Conversation conversation;
    private boolean ending;
    private boolean over; // its end was told, or need not be
    private boolean asking; // the child is still the one that is asked
    private boolean asked; // one was, and it is gone

    synchronized Child child() {
        return child;
    }

    synchronized Conversation conversation() {
        return conversation;
    }

    synchronized boolean isEnding() {
        return ending;
    }

    synchronized Part spawned(Child running, boolean mayAsk) {
        child = running;
        asking = mayAsk && !asked && !ending;
        if (ending) {
            return Part.UNWANTED;
        }
        return asking ? Part.ASKED : Part.STAYS;
    }

    synchronized boolean isAsking(Child running) {
        return asking && child == running;
    }

    /** @return true when that was open until now */
    synchronized boolean settles(Child running) {
        boolean isFirst = isAsking(running);
        asking = false;
        return isFirst;
    }

    /** @return false when it was settled meanwhile, so no other takes its place */
    synchronized boolean gaveWay(Child spent) {
        if (!isAsking(spent)) {
            return false;
        }
        asking = false;
        asked = true;
        child = null;
        return true;
    }

    /** @return false when nobody waits for it any more */
    synchronized boolean opens(Conversation opened) {
        conversation = opened;
        return !over && !ending;
    }

    synchronized Held ends() {
        ending = true;
        return new Held(child, conversation);
    }

    /** @return true when nobody was told yet and somebody is to be */
    synchronized boolean overNow() {
        boolean isFirst = !over && !ending;
        over = true;
        return isFirst;
    }
}
