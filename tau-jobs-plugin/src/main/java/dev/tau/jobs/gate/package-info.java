/**
 * What a host forbids: its gates see each job before it is queued, and each that fails refuses. Built in is a limit of jobs a
 * minute.
 */
@NullMarked
package dev.tau.jobs.gate;

import org.jspecify.annotations.NullMarked;
