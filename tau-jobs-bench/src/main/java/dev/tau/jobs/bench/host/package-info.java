/** A host that knows the SPI alone, the state dirs that it is opened on, and where they lie. */
@NullMarked
package dev.tau.jobs.bench.host;

import org.jspecify.annotations.NullMarked;
