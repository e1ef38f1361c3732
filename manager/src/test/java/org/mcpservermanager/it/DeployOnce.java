package org.mcpservermanager.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.example.greeter.Greeter;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.event.container.AfterStart;
import org.jboss.arquillian.container.spi.event.container.BeforeStart;
import org.jboss.arquillian.container.spi.event.container.BeforeStop;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Deploys the built WAR when the server is up: once for all test classes, which hence name no deployment. The jar of the example of a
 * custom server is added to it, as an operator would add one.
 */
public final class DeployOnce implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(Deployer.class);
    }

    /** Made by Arquillian. */
    public static final class Deployer {
        private final WebArchive war = ShrinkWrap.create(ZipImporter.class, "ROOT.war")
                .importFrom(Path.of(ItSettings.required("it.war")).toFile())
                .as(WebArchive.class)
                .addAsLibrary(
                        ShrinkWrap.create(JavaArchive.class, "greeter.jar").addPackage(Greeter.class.getPackage()));

        void forgetTheLastRun(@Observes BeforeStart starting) throws IOException {
            Path stateDir = ManagerUnderTest.get().stateDir();
            if (Files.exists(stateDir)) {
                try (Stream<Path> all = Files.walk(stateDir)) {
                    all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
                }
            }
        }

        void deploy(@Observes AfterStart started) throws DeploymentException {
            started.getDeployableContainer().deploy(war);
            ManagerUnderTest.get().awaitReady();
        }

        void undeploy(@Observes BeforeStop stopping) throws DeploymentException {
            stopping.getDeployableContainer().undeploy(war);
        }
    }
}
