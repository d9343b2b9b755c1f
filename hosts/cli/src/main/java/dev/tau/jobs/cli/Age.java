package dev.tau.jobs.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long ago, as people write it: days, hours, minutes and seconds, such as 90s, 2h or 1d12h. */
final class Age implements ITypeConverter<Duration> {
    Age() {}

    @Override
    public Duration convert(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?") && !lower.isEmpty()) {
            int day = lower.indexOf('d') + 1;
            String time = lower.substring(day);
            try {
                return Duration.parse("P" + lower.substring(0, day) + (time.isEmpty() ? "" : "T" + time));
            } catch (DateTimeException e) {
                // More than any number holds: told as any other.
                throw refused(text);
            }
        }
        throw refused(text);
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException("must be a time such as 90s, 2h or 1d12h, found: " + text);
    }
}
