package dev.tau.jobs.process;

import java.util.concurrent.CompletableFuture;

/**
 * A process that runs.
 *
 * @param pid its id
 * @param session the process that leads its session
 * @param exit completes with its exit code, 128 + n for signal n
 */
record Started(long pid, long session, CompletableFuture<Integer> exit) {}
