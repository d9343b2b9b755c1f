/** Tests of the command line. They run without the plugin's runtime. */
@NullMarked
package dev.tau.jobs.cli;

import org.jspecify.annotations.NullMarked;
