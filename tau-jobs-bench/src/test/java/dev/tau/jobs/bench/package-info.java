/** Tests of the command line. */
@NullMarked
package dev.tau.jobs.bench;

import org.jspecify.annotations.NullMarked;
