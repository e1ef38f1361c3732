package org.mcpservermanager.demo;

/** Reads members that must have a type; what does not fit is the client's mistake. */
record Params(Json.Obj object) {
    String text(String name) throws RpcError {
        if (object.get(name) instanceof Json.Str text) {
            return text.value();
        }
        throw wrong(name, "a string");
    }

    String text(String name, String otherwise) throws RpcError {
        return object.has(name) ? text(name) : otherwise;
    }

    Json.Obj object(String name) throws RpcError {
        if (object.get(name) instanceof Json.Obj value) {
            return value;
        }
        throw wrong(name, "an object");
    }

    Json.Num number(String name) throws RpcError {
        if (object.get(name) instanceof Json.Num number) {
            return number;
        }
        throw wrong(name, "a number");
    }

    int integer(String name, int otherwise) throws RpcError {
        if (!object.has(name)) {
            return otherwise;
        }
        try {
            return Integer.parseInt(number(name).token());
        } catch (NumberFormatException e) {
            throw wrong(name, "an integer");
        }
    }

    private RpcError wrong(String name, String expected) {
        String found = object.has(name) ? "of another type" : "missing";
        return RpcError.invalidParams(name + ": " + found + " (expected: " + expected + ")");
    }
}
