package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.result.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes a figure: which value of which contestants. */
record FigureSpec(
        String id,
        int target,
        String title,
        String unit,
        Direction direction,
        String value,
        String ours,
        @Nullable String floor,
        List<String> peers) {}
