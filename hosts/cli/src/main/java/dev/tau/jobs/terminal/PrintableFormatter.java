package dev.tau.jobs.terminal;

import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/** Log lines for people's terminals: what stands in a file's name or in a message of somebody else can't drive them. */
public final class PrintableFormatter extends SimpleFormatter {
    /** Formats as {@link SimpleFormatter} does. */
    public PrintableFormatter() {}

    @Override
    public String format(LogRecord record) {
        return super.format(record)
                .lines()
                .map(PrintableFormatter::printable)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Stack traces are indented by tabs. */
    private static String printable(String line) {
        return line.startsWith("\t") ? "\t" + Texts.printable(line.substring(1)) : Texts.printable(line);
    }
}
