package dev.tau.jobs.job;

/**
 * A part of an output that begins where the last part ended: who goes on with the next offset reads nothing twice and misses
 * nothing but what was dropped.
 *
 * @param text safe to show
 * @param nextOffset where the next part begins, in bytes from the first that was ever written
 * @param droppedBytes so many from the offset that was asked for were not there any more
 */
public record OutputPart(String text, long nextOffset, long droppedBytes) {}
