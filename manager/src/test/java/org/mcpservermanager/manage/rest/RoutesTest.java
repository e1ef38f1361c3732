package org.mcpservermanager.manage.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.security.AllowFeature;
import org.mcpservermanager.security.CredentialFilter;
import org.mcpservermanager.security.Role;
import org.mcpservermanager.server.ProblemException;

class RoutesTest {
    @Test
    void everyRouteNamesTheRoleItNeeds() {
        List<String> routes = Routes.all().stream()
                .map(route -> route.method() + " " + route.path() + " "
                        + route.role().map(Role::name).orElse("CLOSED"))
                .toList();
        assertEquals(
                List.of(
                        "GET /api/mcp/deployments VIEWER",
                        "GET /api/mcp/events VIEWER",
                        "GET /api/mcp/problems VIEWER",
                        "POST /api/mcp/reload ADMIN",
                        "GET /api/mcp/servers VIEWER",
                        "POST /api/mcp/servers ADMIN",
                        "DELETE /api/mcp/servers/{id} ADMIN",
                        "GET /api/mcp/servers/{id} VIEWER",
                        "POST /api/mcp/servers/{id} OPERATOR",
                        "PUT /api/mcp/servers/{id} ADMIN",
                        "GET /api/mcp/servers/{id}/history VIEWER",
                        "GET /api/mcp/servers/{id}/logs VIEWER",
                        "POST /api/mcp/servers/{id}/message OPERATOR",
                        "POST /api/mcp/servers/{id}/{verb} OPERATOR"),
                routes);
    }

    @Test
    void theGuardsAreRegistered() {
        assertTrue(new ApiApplication().getClasses().containsAll(List.of(AllowFeature.class, CredentialFilter.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "ten", "", "99999999999", "1.5", "٣"})
    void refusesNumbersOutOfRange(String text) {
        assertThrows(ProblemException.class, () -> Parameters.number("lines", text, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "1", "true "})
    void refusesFlagsThatAreNone(String text) {
        assertThrows(ProblemException.class, () -> Parameters.flag("force", text));
        assertTrue(Parameters.flag("force", "true"));
        assertFalse(Parameters.flag("force", "false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "A", "a/b", "a;x=1", "-a", "a\r\nb"})
    void anIdThatNoServerCanHaveIsNotFound(String id) {
        ProblemException refusal = assertThrows(ProblemException.class, () -> Parameters.server(id));
        assertEquals("server_not_found", refusal.problem().code());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    }
}
