package dev.tau.jobs.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which way a figure is better. */
public enum Direction {
    /** Such as jobs a second. */
    @JsonProperty("higher")
    HIGHER,
    /** Such as milliseconds. */
    @JsonProperty("lower")
    LOWER;

    /**
     * How many times worse one value is than another.
     *
     * @param base what it was, above 0
     * @param now what it is, above 0
     * @return above 1 if it became worse, below 1 if it became better
     */
    public double worsening(double base, double now) {
        return switch (this) {
            case HIGHER -> base / now;
            case LOWER -> now / base;
        };
    }
}
