package dev.tau.jobs.trace;

import dev.tau.jobs.config.AllowedRoots;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the sinks may write: what the host's settings name, and what lies inside its allowed roots. Asked at each use: a
 * manifest may come from others, and a link may have been put in the way since the job was created.
 */
final class TracePlaces {
    private final AllowedRoots roots;
    private final @Nullable Path session;
    private final Path channelStoreRoot;

    TracePlaces(ToolContext context) {
        JobsConfig config = JobsConfig.from(context);
        this.roots = new AllowedRoots(context.workingDirectory(), context.allowedRoots());
        this.session = config.session();
        this.channelStoreRoot = config.channelStoreRoot();
    }

    Path session(String path) throws IOException {
        if (session != null && session.toString().equals(path)) {
            return session;
        }
        return allowed(roots, "session_path", path);
    }

    Path channel(String root, String transport, String id) throws IOException {
        Path store = channelStoreRoot.toString().equals(root)
                ? channelStoreRoot
                : allowed(roots, "channel_store_root", root);
        // Both names are safe, but what stands under them may be a link.
        Path directory = store.resolve("channels").resolve(transport).resolve(id);
        return allowed(new AllowedRoots(store, List.of(store)), "channel", directory.toString());
    }

    private static Path allowed(AllowedRoots roots, String what, String path) throws IOException {
        try {
            return roots.file(what, path);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
