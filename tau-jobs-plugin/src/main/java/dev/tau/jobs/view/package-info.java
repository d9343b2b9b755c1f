/**
 * How jobs are shown, in results and on the command line. {@link dev.tau.jobs.view.StateDirReader} shows the jobs of a state
 * dir that somebody else may own, {@link dev.tau.jobs.view.OwnerRequests} asks that owner; neither changes anything itself.
 */
@NullMarked
package dev.tau.jobs.view;

import org.jspecify.annotations.NullMarked;
