package dev.tau.jobs.top;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.process.OutputTail;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jline.utils.AttributedString;

/** The end of an output of a job. */
final class OutputPane {
    private static final int TAIL_BYTES = 1 << 16;
    private static final String TAB = " ".repeat(8);

    private OutputPane() {}

    /** The last lines, as many as there is room for; long ones go on in the next line. */
    static List<AttributedString> lines(Row row, boolean stderr, int width, int height) {
        JobRecord job = row.job();
        String text;
        try {
            text = OutputTail.read(
                    row.dir().reader().outputs().files(job).get(stderr ? 1 : 0),
                    TAIL_BYTES,
                    OutputTail.secretsOf(job.spec().env()));
        } catch (IOException e) {
            text = "can't be read: " + Failures.describe(e);
        }
        String[] all = text.split("\n", -1);
        List<AttributedString> shown = new ArrayList<>();
        // From the end, as far as it is seen.
        for (int i = all.length - 1; i >= 0 && shown.size() < height; i--) {
            if (i < all.length - 1 || !all[i].isEmpty()) {
                List<AttributedString> parts = new ArrayList<>(
                        new AttributedString(Texts.printable(all[i].replace("\t", TAB))).columnSplitLength(width));
                if (parts.isEmpty()) {
                    parts.add(AttributedString.EMPTY);
                }
                Collections.reverse(parts);
                shown.addAll(parts);
            }
        }
        List<AttributedString> last = new ArrayList<>(shown.subList(0, Math.min(height, shown.size())));
        Collections.reverse(last);
        return last;
    }
}
