/** How jobs and counters are shown, in results and on the command line. Changes nothing, and opens no file. */
@NullMarked
package dev.tau.jobs.view;

import org.jspecify.annotations.NullMarked;
