/** Jobs as spans of OpenTelemetry. Knows the SPI and OpenTelemetry's API alone. */
@NullMarked
package dev.tau.jobs.opentelemetry;

import org.jspecify.annotations.NullMarked;
