/**
 * Settings: what flags and environment variables mean, their defaults and checks, and where a model's paths may lie.
 */
@NullMarked
package dev.tau.jobs.config;

import org.jspecify.annotations.NullMarked;
