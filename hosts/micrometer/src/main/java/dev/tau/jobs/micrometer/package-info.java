/** Jobs as meters of Micrometer. Knows the SPI, Micrometer and the names of the plugin's MBeans. */
@NullMarked
package dev.tau.jobs.micrometer;

import org.jspecify.annotations.NullMarked;
