package dev.tau.jobs.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class PrintableFormatterTest {
    /** A job may give a file any name. */
    @Test
    void what_stands_in_a_message_cant_drive_a_terminal() {
        LogRecord record = new LogRecord(Level.WARNING, "\u001b]0;mine\u0007\u202e.json is no JSON");
        record.setThrown(new IllegalStateException("\u001b[2J"));
        String lines = new PrintableFormatter().format(record);
        assertThat(lines)
                .contains("\\u001b]0;mine\\u0007\\u202e.json is no JSON", "\\u001b[2J", "\n\tat ")
                .endsWith("\n")
                .doesNotContain("\u001b", "\u0007");
    }
}
