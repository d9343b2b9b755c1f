package dev.tau.jobs.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long ago, as people write it: days, hours, minutes and seconds, such as 90s, 2h or 1d12h. */
final class Age implements ITypeConverter<Duration> {
    private static final System.Logger LOG = System.getLogger(Age.class.getName());
    /** A hundred years: all that there can be. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    Age() {}

    @Override
    public Duration convert(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?") && !lower.isEmpty()) {
            int day = lower.indexOf('d') + 1;
            String time = lower.substring(day);
            try {
                Duration age = Duration.parse("P" + lower.substring(0, day) + (time.isEmpty() ? "" : "T" + time));
                if (age.compareTo(LONGEST) <= 0) {
                    return age;
                }
            } catch (DateTimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "more than any number holds", e);
            }
        }
        throw new TypeConversionException("must be a time such as 90s, 2h or 1d12h, found: " + text);
    }
}
