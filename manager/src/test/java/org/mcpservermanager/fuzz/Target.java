package org.mcpservermanager.fuzz;

/** Code that reads what strangers send. */
public interface Target {
    String name();

    /**
     * Reads the input and checks what must hold for every input; whatever is thrown is a defect.
     *
     * @return what became of it, in few words: an input with a new outcome is worth to be changed further
     */
    String read(byte[] input) throws Exception;
}
