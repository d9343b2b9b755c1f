/**
 * The codec port, {@link dev.tau.jobs.json.JsonCodec}, by Jackson and by JSON-B. Text to maps and back, strictly, and with
 * the same bytes and refusals by either; what the maps mean is known elsewhere.
 */
@NullMarked
package dev.tau.jobs.json;

import org.jspecify.annotations.NullMarked;
