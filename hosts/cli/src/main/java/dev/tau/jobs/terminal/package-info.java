/** Text as people read it, safe for their terminals. */
@NullMarked
package dev.tau.jobs.terminal;

import org.jspecify.annotations.NullMarked;
