/**
 * The four tools, one class each: arguments in, result out, nothing else. How arguments are checked is in
 * {@code Arguments}.
 */
@NullMarked
package dev.tau.jobs.tool;

import org.jspecify.annotations.NullMarked;
