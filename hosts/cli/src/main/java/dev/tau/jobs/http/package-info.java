/** What our HTTP servers share: a port of the loopback address, whom it is meant for, and the secret that each request shows. */
@NullMarked
package dev.tau.jobs.http;

import org.jspecify.annotations.NullMarked;
