package dev.tau.jobs.cli;

import dev.tau.jobs.doctor.Finding;
import dev.tau.jobs.doctor.Report;
import dev.tau.jobs.doctor.StateDirDoctor;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tau-jobs doctor}. */
@Command(
        name = "doctor",
        description =
                "Says what is wrong in state directories, and exits with 1 if anything is. Changes nothing without "
                        + "--repair.")
final class DoctorCommand extends StateDirsCommand {
    @Mixin
    private final NamedDirectories named = new NamedDirectories();

    @Option(
            names = "--repair",
            description =
                    "Mend what can be mended without loss, and move what can't be used to quarantine/. Refused while "
                            + "a live process owns the directory. Default: off. Environment: none")
    private boolean repair;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object; where directories are named, with a list of such objects in directories. "
                            + "Default: off. Environment: none")
    private boolean json;

    private DoctorCommand() {}

    @Override
    List<Path> directories() {
        return named.directories();
    }

    @Override
    IfMissing ifMissing() {
        return IfMissing.LOOK;
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        boolean sound = true;
        for (StateDirReader reader : readers) {
            try {
                StateDirDoctor doctor = StateDirDoctor.open(reader.directory(), context);
                Report report = repair ? doctor.repair() : doctor.examine();
                sound &= report.problems() == 0 && !isRefused(report);
                if (json) {
                    all.add(asJson(report));
                } else {
                    printAll(report);
                }
            } catch (IOException e) {
                // What was done in the others must be said.
                sound = false;
                complain(Failures.describe(e));
            }
        }
        if (json && named.directories().isEmpty()) {
            for (Map<String, Object> one : all) {
                printJson(one);
            }
        } else if (json) {
            printJson(Map.of("directories", all));
        }
        return sound ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean isRefused(Report report) {
        return repair && report.owned();
    }

    private void printAll(Report report) {
        if (report.owned()) {
            print("The directory is owned by a live process" + pid(report)
                    + (isRefused(report)
                            ? ": nothing was changed."
                            : ": only what does not change meanwhile was checked."));
        }
        printTable(report);
        print(summary(report));
    }

    private static String pid(Report report) {
        return report.ownerPid().isPresent() ? " (pid " + report.ownerPid().getAsLong() + ")" : "";
    }

    private void printTable(Report report) {
        if (report.findings().isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "KIND", "FILE", "WHAT", report.findings().stream().anyMatch(Finding::mended) ? "DONE" : "REMEDY"));
        for (Finding finding : report.findings()) {
            rows.add(List.of(
                    finding.kind().wireName(),
                    Texts.printable(finding.file()),
                    Texts.printable(finding.what()),
                    Texts.printable(finding.remedy())));
        }
        Map<String, Finding> byKind = new HashMap<>();
        report.findings().forEach(finding -> byKind.merge(finding.kind().wireName(), finding, DoctorCommand::worse));
        printColumns(
                rows, (column, text) -> column == 0 && byKind.containsKey(text) ? painted(byKind.get(text)) : text);
    }

    private static Finding worse(Finding one, Finding other) {
        return other.isProblem() ? other : one;
    }

    private static String painted(Finding finding) {
        String kind = finding.kind().wireName();
        return finding.isProblem() ? Paints.wrong(kind) : finding.mended() ? Paints.right(kind) : kind;
    }

    private static String summary(Report report) {
        long mended = report.findings().stream().filter(Finding::mended).count();
        long problems = report.problems();
        long notes = report.findings().size() - mended - problems;
        return Texts.printable(report.directory().toString()) + ": "
                + (problems == 0 ? "nothing wrong" : problems + (mended > 0 ? " left" : " wrong"))
                + (mended > 0 ? ", " + mended + " mended" : "")
                + (notes > 0 ? ", " + notes + (notes == 1 ? " note" : " notes") : "");
    }

    private static Map<String, Object> asJson(Report report) {
        List<Map<String, Object>> findings = new ArrayList<>();
        for (Finding finding : report.findings()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("kind", finding.kind().wireName());
            one.put("file", finding.file());
            one.put("what", finding.what());
            one.put("remedy", finding.remedy());
            one.put("mended", finding.mended());
            one.put("note", finding.kind().isNote());
            findings.add(one);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("directory", report.directory().toString());
        all.put("owned", report.owned());
        if (report.ownerPid().isPresent()) {
            all.put("owner_pid", report.ownerPid().getAsLong());
        }
        all.put("problems", report.problems());
        all.put("findings", findings);
        return all;
    }
}
