/**
 * {@code tau-jobs serve}: {@link dev.tau.jobs.web.WebServer} has the addresses, {@code AccessFilter} knows who may ask,
 * {@code JobsFeed} what has changed, {@code LiveServlet} tells it, {@code JobServlet}, {@code OutputServlet}, {@code SearchServlet}
 * and {@code CancelServlet} are about one job, {@code Metrics} is what a Prometheus reads; the page itself is in the resources of this package.
 */
@NullMarked
package dev.tau.jobs.web;

import org.jspecify.annotations.NullMarked;
