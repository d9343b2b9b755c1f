package dev.tau.jobs.top;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows, and which of them is chosen: a job that was chosen stays so wherever it goes. */
final class Choice {
    private List<Row> rows = List.of();
    /** Null until somebody chooses one: the first one then, whichever that is. */
    private Row.@Nullable Name chosen;
    /** Where it is, or was before it was removed. */
    private int index;

    List<Row> rows() {
        return rows;
    }

    /** The rows are others now; the chosen one may be there no more. */
    void rows(List<Row> next) {
        rows = next;
    }

    /** In the place of one that is there no more, another one is chosen: by nobody, but to be seen. */
    void settle() {
        int found = find();
        if (found < 0) {
            choose(index);
        } else {
            index = found;
        }
    }

    /** -1 if it is there no more. */
    private int find() {
        if (chosen == null) {
            return rows.isEmpty() ? -1 : 0;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).name().equals(chosen)) {
                return i;
            }
        }
        return -1;
    }

    int index() {
        return index;
    }

    /** Chooses a row, or the one that is next to a place where none is. */
    void choose(int place) {
        if (!rows.isEmpty()) {
            index = Math.max(0, Math.min(place, rows.size() - 1));
            chosen = rows.get(index).name();
        }
    }

    /** Chooses the first row, and whichever comes there. */
    void chooseFirst() {
        chosen = null;
        index = 0;
    }

    /** Chooses a job, wherever it is. */
    void hold(Row row) {
        chosen = row.name();
    }

    /** Empty if there is none, or the chosen one is there no more. */
    Optional<Row> row() {
        int found = find();
        return found < 0 ? Optional.empty() : Optional.of(rows.get(found));
    }
}
