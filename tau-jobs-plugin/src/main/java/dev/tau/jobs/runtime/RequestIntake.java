package dev.tau.jobs.runtime;

import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.store.RequestBox.Request;
import dev.tau.jobs.store.UnstorableJobException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what other runtimes ask of this one, as soon as their files appear. Waits for the file system to say so; where that
 * can't be had at once (only Linux tells at once), it looks every 200 ms.
 */
final class RequestIntake implements AutoCloseable {
    /** Does what is asked. */
    interface Handler {
        /** Throws if it can't be done now; it is asked again then. */
        void handle(Request request) throws IOException;

        /** Hears of a request that can't be used. */
        void problem(String line);
    }

    private static final System.Logger LOG = System.getLogger(RequestIntake.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final RequestBox box;
    private final Handler handler;
    private final Housekeeper housekeeper;
    private @Nullable WatchService watch;
    private final Thread thread;
    private @Nullable String complained;
    private boolean retryScheduled;
    private volatile boolean closed;

    RequestIntake(RequestBox box, Handler handler, Housekeeper housekeeper) {
        this.box = box;
        this.handler = handler;
        this.housekeeper = housekeeper;
        this.thread = new Thread(this::loop, "tau-jobs-requests");
        this.thread.setDaemon(true);
    }

    private static @Nullable WatchService watch(RequestBox box) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        try {
            WatchService service = box.directory().getFileSystem().newWatchService();
            box.directory().register(service, StandardWatchEventKinds.ENTRY_CREATE);
            return service;
        } catch (IOException | UnsupportedOperationException e) {
            // Linux limits how many watches a user may have.
            LOG.log(System.Logger.Level.INFO, "requests are looked for from time to time: " + e.getMessage());
            return null;
        }
    }

    /** Takes what is there already, on this thread, then goes on by itself. */
    void start() {
        // Before the first look, or what comes after it could be missed.
        watch = watch(box);
        take();
        if (watch == null) {
            housekeeper.after(LOOK_EVERY, this::look);
        } else {
            thread.start();
        }
    }

    private void look() {
        take();
        if (!closed) {
            housekeeper.after(LOOK_EVERY, this::look);
        }
    }

    private void loop() {
        WatchService service = java.util.Objects.requireNonNull(watch);
        try {
            while (!closed) {
                WatchKey key = service.take();
                key.pollEvents();
                if (!key.reset()) {
                    // Somebody has deleted the directory.
                    box.ensureDirectory();
                    box.directory().register(service, StandardWatchEventKinds.ENTRY_CREATE);
                }
                take();
            }
        } catch (ClosedWatchServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed", e);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "requests are looked for from time to time: was interrupted");
            housekeeper.after(LOOK_EVERY, this::look);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "requests are looked for from time to time: " + e.getMessage());
            housekeeper.after(LOOK_EVERY, this::look);
        }
    }

    /** Takes what there is now, on this thread. */
    synchronized void take() {
        if (closed) {
            return;
        }
        try {
            List<String> problems = new ArrayList<>();
            List<Exception> failures = new ArrayList<>();
            List<Request> pending = box.pending(problems, failures);
            problems.forEach(handler::problem);
            for (Request request : pending) {
                try {
                    take(request);
                } catch (IOException | RuntimeException e) {
                    failures.add(e); // the others must not wait for it
                }
            }
            if (failures.isEmpty()) {
                complained = null;
            } else {
                takeLater(failures.get(0));
            }
        } catch (IOException | RuntimeException e) {
            takeLater(e);
        }
    }

    private void takeLater(Exception because) {
        complain(because);
        if (!retryScheduled) {
            retryScheduled = true;
            housekeeper.after(RETRY_AFTER, this::takeAgain);
        }
    }

    private synchronized void takeAgain() {
        retryScheduled = false;
        take();
    }

    private void take(Request request) throws IOException {
        try {
            handler.handle(request);
            box.remove(request);
        } catch (UnstorableJobException e) {
            handler.problem(box.putAside(request, String.valueOf(e.getMessage())));
        }
    }

    /** Once, not at each try. */
    private void complain(Exception e) {
        String failure = e.toString();
        if (!failure.equals(complained)) {
            complained = failure;
            LOG.log(System.Logger.Level.WARNING, "requests can't be taken now: " + failure);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "could not close the watch", e);
            }
        }
    }
}
