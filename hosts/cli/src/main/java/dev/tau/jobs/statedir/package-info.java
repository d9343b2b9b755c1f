/**
 * A state dir from outside, for who does not run its jobs: {@link dev.tau.jobs.statedir.StateDirReader} shows the jobs of one that
 * somebody else may own, {@link dev.tau.jobs.statedir.OwnerRequests} asks that owner, and neither changes anything itself. {@link
 * dev.tau.jobs.statedir.StateDirFiles} is for who examines the single files, and mends them.
 */
@NullMarked
package dev.tau.jobs.statedir;

import org.jspecify.annotations.NullMarked;
