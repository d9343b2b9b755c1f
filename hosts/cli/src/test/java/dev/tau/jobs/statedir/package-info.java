/** Tests of reading, asking and examining state dirs that a store has written, without a runtime. */
@NullMarked
package dev.tau.jobs.statedir;

import org.jspecify.annotations.NullMarked;
