/**
 * The contracts: {@link dev.tau.jobs.spi.Tool} is what an agent calls, {@link dev.tau.jobs.spi.TraceSink} is what a
 * tool reports to. Values that cross them are JSON-shaped (String, Boolean, Number, List, Map with String keys, null),
 * so that no JSON library shows in a signature.
 */
@NullMarked
package dev.tau.jobs.spi;

import org.jspecify.annotations.NullMarked;
