package dev.tau.jobs.cli.mcp;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Does something when a stream has ended, in whatever way; perhaps more than once. */
record StreamEnd(Runnable action) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
