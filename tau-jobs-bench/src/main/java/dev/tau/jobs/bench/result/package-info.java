/** What was measured: figures with their floors and peers, the file that holds them, and how two such files compare. */
@NullMarked
package dev.tau.jobs.bench.result;

import org.jspecify.annotations.NullMarked;
