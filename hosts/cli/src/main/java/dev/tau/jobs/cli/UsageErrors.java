package dev.tau.jobs.cli;

import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in few lines: the argument, what it is to be, and where the rest stands. */
final class UsageErrors implements IParameterExceptionHandler {
    /** Lets a command line refuse wrong arguments so. */
    static CommandLine install(CommandLine command) {
        return command.registerConverter(int.class, whole(Integer::valueOf, Integer.MAX_VALUE))
                .registerConverter(Integer.class, whole(Integer::valueOf, Integer.MAX_VALUE))
                .registerConverter(Long.class, whole(Long::valueOf, Long.MAX_VALUE))
                .setParameterExceptionHandler(new UsageErrors());
    }

    private static <T> ITypeConverter<T> whole(Function<String, T> parse, long most) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (NumberFormatException e) {
                String limit = text.matches("[0-9]+") ? " up to " + most : "";
                throw new TypeConversionException("must be a whole number" + limit + ", found: " + text);
            }
        };
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("tau-jobs: " + wrong.getMessage());
        ArgSpec argument = wrong.getArgSpec();
        if (argument != null) {
            err.println("  " + nameOf(argument) + ": " + String.join(" ", argument.description()));
        }
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String nameOf(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
