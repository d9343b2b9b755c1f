/** Tests of the page's server, over HTTP and without a browser: hosts/cli/src/test/browser has one. */
@NullMarked
package dev.tau.jobs.web;

import org.jspecify.annotations.NullMarked;
