@NullMarked
package dev.tau.jobs.terminal;

import org.jspecify.annotations.NullMarked;
