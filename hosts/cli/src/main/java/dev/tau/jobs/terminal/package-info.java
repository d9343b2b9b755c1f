/** Text and colours as people read them, safe for their terminals. */
@NullMarked
package dev.tau.jobs.terminal;

import org.jspecify.annotations.NullMarked;
