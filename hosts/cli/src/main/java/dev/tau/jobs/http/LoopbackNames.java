package dev.tau.jobs.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request was meant for this machine. The address alone does not say so: a web page whose name is made to point
 * at 127.0.0.1 (DNS rebinding) sends its visitor's browser here too, but under the page's name.
 */
public final class LoopbackNames {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private LoopbackNames() {}

    /**
     * Of the header {@code Host}. Any port will do: it may be another one in front of a tunnel.
     *
     * @param host the header, null if absent
     * @return whether it names this machine
     */
    public static boolean isHost(@Nullable String host) {
        return host != null && isAuthority(host);
    }

    /**
     * Of the header {@code Origin}, which only browsers send.
     *
     * @param origin the header, null if absent
     * @return whether it names this machine, or is absent
     */
    public static boolean isOrigin(@Nullable String origin) {
        if (origin == null) {
            return true;
        }
        int scheme = origin.indexOf("://");
        return scheme > 0
                && Set.of("http", "https").contains(origin.substring(0, scheme).toLowerCase(Locale.ROOT))
                && isAuthority(origin.substring(scheme + 3));
    }

    private static boolean isAuthority(String authority) {
        try {
            // Throws for what is no host and port. User info ("localhost@evil.example") is no part of either header.
            URI uri = new URI("http", authority, null, null, null).parseServerAuthority();
            String host = uri.getHost();
            return host != null && uri.getUserInfo() == null && NAMES.contains(host.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
