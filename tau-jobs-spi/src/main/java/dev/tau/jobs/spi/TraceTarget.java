package dev.tau.jobs.spi;

import org.jspecify.annotations.Nullable;

/** Which channel and session a job reports to, and of which trace it is a part; each may be absent. Immutable. */
public final class TraceTarget {
    private final @Nullable String channelStoreRoot;
    private final @Nullable String channelTransport;
    private final @Nullable String channelId;
    private final @Nullable String sessionPath;
    private final @Nullable String traceparent;

    private TraceTarget(
            @Nullable String channelStoreRoot,
            @Nullable String channelTransport,
            @Nullable String channelId,
            @Nullable String sessionPath,
            @Nullable String traceparent) {
        this.channelStoreRoot = channelStoreRoot;
        this.channelTransport = channelTransport;
        this.channelId = channelId;
        this.sessionPath = sessionPath;
        this.traceparent = traceparent;
    }

    /** {@return a target that names nothing} */
    public static TraceTarget none() {
        return new TraceTarget(null, null, null, null, null);
    }

    /**
     * This target with a channel.
     *
     * @param storeRoot the directory of the channel store
     * @param transport the kind of channel, such as {@code slack}
     * @param id the channel's name in its transport
     * @return a new target
     */
    public TraceTarget withChannel(String storeRoot, String transport, String id) {
        return new TraceTarget(storeRoot, transport, id, sessionPath, traceparent);
    }

    /**
     * This target with a session.
     *
     * @param path the session's JSON Lines file
     * @return a new target
     */
    public TraceTarget withSession(String path) {
        return new TraceTarget(channelStoreRoot, channelTransport, channelId, path, traceparent);
    }

    /**
     * This target as a part of a trace.
     *
     * @param value a valid text of the W3C's Trace Context of version 00, which is not checked here
     * @return a new target
     */
    public TraceTarget withTraceparent(String value) {
        return new TraceTarget(channelStoreRoot, channelTransport, channelId, sessionPath, value);
    }

    /** {@return the directory of the channel store, or null if the job names no channel} */
    public @Nullable String channelStoreRoot() {
        return channelStoreRoot;
    }

    /** {@return the kind of channel, or null if the job names no channel} */
    public @Nullable String channelTransport() {
        return channelTransport;
    }

    /** {@return the channel's name in its transport, or null if the job names no channel} */
    public @Nullable String channelId() {
        return channelId;
    }

    /** {@return the session's JSON Lines file, or null if there is no session} */
    public @Nullable String sessionPath() {
        return sessionPath;
    }

    /**
     * {@return the span that the job's creation belongs to, as a valid text of the W3C's Trace Context (see {@link
     * ToolCall#TRACEPARENT}), or null if the call that created the job told of none}
     */
    public @Nullable String traceparent() {
        return traceparent;
    }
}
