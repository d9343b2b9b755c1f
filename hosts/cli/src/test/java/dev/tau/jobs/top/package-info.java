@NullMarked
package dev.tau.jobs.top;

import org.jspecify.annotations.NullMarked;
