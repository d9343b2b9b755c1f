/**
 * The command {@code tau-jobs}: a class a subcommand, and the flags that they share. It runs jobs through the SPI like
 * any other host, and reads state directories without owning them.
 */
@NullMarked
package dev.tau.jobs.cli;

import org.jspecify.annotations.NullMarked;
