/**
 * The codec port, {@link dev.tau.jobs.json.JsonCodec}, and its Jackson implementation. Text to maps and back, strictly;
 * what the maps mean is known elsewhere.
 */
@NullMarked
package dev.tau.jobs.json;

import org.jspecify.annotations.NullMarked;
