package dev.tau.jobs.job;

/**
 * A process, told from every other that has had or will have the same pid.
 *
 * @param pid the process id
 * @param start when it started, in a form that only the platform's process table can compare
 */
public record ProcessIdentity(long pid, String start) {}
