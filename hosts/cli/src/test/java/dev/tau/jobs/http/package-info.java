/** Tests of who may ask. They need no client. */
@NullMarked
package dev.tau.jobs.http;

import org.jspecify.annotations.NullMarked;
