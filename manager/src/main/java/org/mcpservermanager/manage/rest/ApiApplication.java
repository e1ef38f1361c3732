package org.mcpservermanager.manage.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.HashSet;
import java.util.Set;
import org.mcpservermanager.security.AllowFeature;
import org.mcpservermanager.security.CredentialFilter;

/** Everything under {@code /api}; listed, so that nothing is reachable because it happens to be on the class path. */
@ApplicationPath("/api")
public class ApiApplication extends Application {
    static final String ROOT = "/api";
    /** Resources of other packages are added here. */
    static final Set<Class<?>> RESOURCES =
            Set.of(ServersResource.class, DeploymentsResource.class, ConfigurationResource.class);

    private static final Set<Class<?>> PROVIDERS = Set.of(
            CredentialFilter.class, AllowFeature.class, FailureMapper.class, WebFailureMapper.class, Replies.class);

    @Override
    public Set<Class<?>> getClasses() {
        Set<Class<?>> all = new HashSet<>(RESOURCES);
        all.addAll(PROVIDERS);
        return all;
    }
}
