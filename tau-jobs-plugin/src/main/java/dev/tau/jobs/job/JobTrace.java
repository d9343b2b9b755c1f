package dev.tau.jobs.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which channel and session a job reports to, and of which trace it is a part; each may be null.
 *
 * @param channelStoreRoot the directory of the channel store
 * @param channelTransport the kind of channel
 * @param channelId the channel's name in its transport
 * @param sessionPath the session's JSON Lines file
 * @param traceparent the span that has created it, as {@link #traceparentOf} answers it
 */
public record JobTrace(
        @Nullable String channelStoreRoot,
        @Nullable String channelTransport,
        @Nullable String channelId,
        @Nullable String sessionPath,
        @Nullable String traceparent) {
    /** Reports to nobody. */
    public static final JobTrace NONE = new JobTrace(null, null, null, null, null);

    /** A later version may have more behind it, and is read as if it had not. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32}-)(?!0{16})([0-9a-f]{16}-[0-9a-f]{2})(-.*)?");

    /**
     * The span that a host has told of.
     *
     * @param value anything
     * @return what is a traceparent of the W3C's Trace Context, as one of version 00; empty for anything else
     */
    public static Optional<String> traceparentOf(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return Optional.empty();
        }
        Matcher matcher = TRACEPARENT.matcher(text);
        return matcher.matches()
                        && (matcher.group(4) == null || !matcher.group(1).equals("00"))
                ? Optional.of("00-" + matcher.group(2) + matcher.group(3))
                : Optional.empty();
    }
}
