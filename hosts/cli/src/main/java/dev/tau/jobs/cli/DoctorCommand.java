package dev.tau.jobs.cli;

import dev.tau.jobs.doctor.Finding;
import dev.tau.jobs.doctor.Report;
import dev.tau.jobs.doctor.StateDirDoctor;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs doctor}. */
@Command(
        name = "doctor",
        description =
                "Says what is wrong in a state directory, and exits with 1 if anything is. Changes nothing without "
                        + "--repair.")
final class DoctorCommand extends StateCommand {
    @Option(
            names = "--repair",
            description =
                    "Mend what can be mended without loss, and move what can't be used to quarantine/. Refused while "
                            + "a live process owns the directory. Default: off. Environment: none")
    private boolean repair;

    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private DoctorCommand() {}

    @Override
    int read(StateDirReader reader, ToolContext context) throws IOException {
        StateDirDoctor doctor = StateDirDoctor.open(context);
        Report report = repair ? doctor.repair() : doctor.examine();
        boolean refused = repair && report.owned();
        if (json) {
            printJson(asJson(report));
        } else {
            if (report.owned()) {
                print("The directory is owned by a live process" + pid(report)
                        + (refused ? ": nothing was changed." : ": only what does not change meanwhile was checked."));
            }
            printTable(report);
            print(summary(report));
        }
        return refused || report.problems() > 0 ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
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
        printColumns(rows);
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
