package dev.tau.jobs.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command, made of what its {@code --help} is made of, in the macros of man(7). */
final class ManPage {
    private final CommandSpec command;
    private final Help help;
    private final StringJoiner page = new StringJoiner("\n", "", "\n");

    private ManPage(CommandSpec command) {
        this.command = command;
        this.help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    }

    /** {@return the page, for one that is not hidden} */
    static String of(CommandSpec command) {
        return new ManPage(command).text();
    }

    /** {@return what the page is called, without its section} */
    static String nameOf(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private String text() {
        String description = String.join(" ", command.usageMessage().description());
        page.add(".TH " + quoted(nameOf(command).toUpperCase(Locale.ROOT)) + " 1 \"\" "
                + quoted("tau-jobs " + TauJobs.Version.number()) + " " + quoted("User Commands"));
        section("NAME");
        page.add(escaped(nameOf(command)) + " \\- " + escaped(firstSentence(description)));
        section("SYNOPSIS");
        page.add(line(help.abbreviatedSynopsis().strip()));
        section("DESCRIPTION");
        page.add(line(description));
        arguments("ARGUMENTS", command.positionalParameters());
        arguments(
                "OPTIONS",
                command.options().stream()
                        .sorted(Comparator.comparing(OptionSpec::longestName))
                        .toList());
        commands();
        return page.toString();
    }

    private void section(String name) {
        page.add(".SH " + quoted(name));
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text : text.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private void arguments(String title, Collection<? extends ArgSpec> all) {
        List<? extends ArgSpec> shown =
                all.stream().filter(argument -> !argument.hidden()).toList();
        if (shown.isEmpty()) {
            return;
        }
        section(title);
        for (ArgSpec argument : shown) {
            page.add(".TP");
            page.add(tag(argument));
            page.add(line(String.join(" ", argument.description())));
        }
    }

    private String tag(ArgSpec argument) {
        String label = help.parameterLabelRenderer()
                .renderParameterLabel(argument, Help.Ansi.OFF, List.of())
                .toString();
        if (argument instanceof PositionalParamSpec) {
            return italic(label);
        }
        String names = List.of(((OptionSpec) argument).names()).stream()
                .map(ManPage::bold)
                .collect(Collectors.joining(", "));
        return label.isEmpty() ? names : names + italic(label);
    }

    private void commands() {
        List<CommandSpec> shown = command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(one -> !one.usageMessage().hidden())
                .toList();
        if (!shown.isEmpty()) {
            section("COMMANDS");
            for (CommandSpec one : shown) {
                page.add(".TP");
                page.add(bold(nameOf(one)) + "(1)");
                page.add(line(String.join(" ", one.usageMessage().description())));
            }
        }
        CommandSpec parent = command.parent();
        if (parent != null) {
            section("SEE ALSO");
            page.add(bold(nameOf(parent)) + "(1)");
        }
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String italic(String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }

    private static String quoted(String text) {
        return '"' + escaped(text).replace("\"", "\\(dq") + '"';
    }

    /** Text that stays text: a point or an apostrophe at the beginning of a line would be a request. */
    private static String line(String text) {
        return "\\&" + escaped(text);
    }

    /** A minus, unlike a hyphen, can be copied into a shell. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
    }
}
