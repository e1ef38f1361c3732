package org.mcpservermanager.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Who the manager is, to servers and to clients. */
public final class Product {
    public static final String NAME = "mcp-server-manager";
    public static final String TITLE = "MCP Server Manager";
    public static final String VERSION = version();
    /** An {@code Implementation} of the specification, raw JSON. */
    public static final String INFO = "{\"name\":" + JsonText.quote(NAME) + ",\"title\":" + JsonText.quote(TITLE)
            + ",\"version\":" + JsonText.quote(VERSION) + "}";

    private Product() {}

    private static String version() {
        Properties properties = new Properties();
        try (InputStream file = Product.class.getResourceAsStream("product.properties")) {
            properties.load(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("product.properties of the manager could not be read", unreadable);
        }
        return properties.getProperty("version");
    }
}
