package dev.tau.jobs.trace;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelStoreSinkTest {

    @ParameterizedTest
    @CsvSource({"slack,slack", "_a b/c_,a_b_c", "..,channel", ".,channel", "___,channel", "a.b,a.b", "ä,channel"})
    void names_are_made_safe_by_the_wire_formats_rule(String name, String safe) {
        assertThat(ChannelStoreSink.safeName(name)).isEqualTo(safe);
    }

    @Property
    void no_name_leaves_its_directory(@ForAll String name) {
        assertThat(ChannelStoreSink.safeName(name)).matches("[A-Za-z0-9._-]+").isNotIn(".", "..");
    }
}
