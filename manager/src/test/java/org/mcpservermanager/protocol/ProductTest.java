package org.mcpservermanager.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProductTest {
    @Test
    void hasTheVersionOfTheBuild() {
        assertTrue(Product.VERSION.matches("\\d+\\.\\d+\\.\\d+.*"), Product.VERSION);
        assertTrue(Product.INFO.contains("\"version\":\"" + Product.VERSION + "\""), Product.INFO);
    }
}
