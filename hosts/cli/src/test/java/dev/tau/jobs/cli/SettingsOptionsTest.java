package dev.tau.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

class SettingsOptionsTest {
    @Command
    static final class Host {
        @Mixin
        final SettingsOptions settings = new SettingsOptions();
    }

    private static SettingsOptions parsed(String... arguments) {
        Host host = new Host();
        new CommandLine(host).parseArgs(arguments);
        return host.settings;
    }

    @Test
    void nothingGivenLeavesAllToTheEnvironment() {
        assertThat(parsed().flags()).isEmpty();
    }

    @Test
    void flagsArePassedOnUnchecked() {
        assertThat(parsed("--jobs-workers=4", "--jobs-state-dir", "a b", "--session=--odd", "--jobs-max-queued=x")
                        .flags())
                .containsExactlyInAnyOrder(
                        "--jobs-workers=4", "--jobs-state-dir=a b", "--session=--odd", "--jobs-max-queued=x");
    }

    @Test
    void booleansNeedNoValue() {
        assertThat(parsed("--jobs-enabled", "--no-session").flags())
                .containsExactly("--jobs-enabled=true", "--no-session=true");
        assertThat(parsed("--jobs-enabled=false").context().settings()).containsEntry("jobs-enabled", "false");
    }

    @Test
    void everyFlagOfEveryCommandNamesDefaultAndVariable() {
        for (CommandLine command : TauJobs.commandLine().getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    assertThat(String.join(" ", option.description()))
                            .as(option.longestName())
                            .contains("Default: ", "Environment: ");
                }
            }
        }
    }
}
