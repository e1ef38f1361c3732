package org.mcpservermanager.manage.alert;

import java.net.URI;
import java.net.URISyntaxException;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;

/** Where alerts are posted to. Its path may be a secret, so it is never shown whole. */
public record WebhookUrl(URI uri) {
    public WebhookUrl {
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "not a usable URL (expected: http://host/path or https://host/path, without user and fragment)");
        }
    }

    /** @param setting its name, for the message */
    public static WebhookUrl parse(String setting, String text) {
        try {
            return new WebhookUrl(new URI(text.strip()));
        } catch (URISyntaxException | IllegalArgumentException refused) {
            // Neither the value nor the cause, which repeats it: a URL of this kind often holds a token.
            throw new ProblemException(new Problem(
                    Problem.INVALID_CONFIGURATION,
                    setting
                            + ": not a usable URL (expected: http://host/path or https://host/path, without user and fragment)",
                    "Correct the system property or environment variable and start again."));
        }
    }

    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + "/...";
    }
}
