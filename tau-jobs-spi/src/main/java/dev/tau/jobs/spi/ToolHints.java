package dev.tau.jobs.spi;

/**
 * What a host may assume of a tool before it has called it, in the words of the Model Context Protocol's tool
 * annotations. Hints are no promise that security may rest on.
 *
 * @param readOnly the tool changes nothing
 * @param destructive a change that the tool makes may undo or destroy something; only meaningful if not read-only
 * @param idempotent calling it again with the same arguments changes nothing more
 * @param openWorld the tool reaches beyond the host, to programs, files or networks
 */
public record ToolHints(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {}
