package dev.tau.jobs.job;

import org.jspecify.annotations.Nullable;

/**
 * Which channel and session a job reports to; each part may be null.
 *
 * @param channelStoreRoot the directory of the channel store
 * @param channelTransport the kind of channel
 * @param channelId the channel's name in its transport
 * @param sessionPath the session's JSON Lines file
 */
public record JobTrace(
        @Nullable String channelStoreRoot,
        @Nullable String channelTransport,
        @Nullable String channelId,
        @Nullable String sessionPath) {
    /** Reports to nobody. */
    public static final JobTrace NONE = new JobTrace(null, null, null, null);
}
