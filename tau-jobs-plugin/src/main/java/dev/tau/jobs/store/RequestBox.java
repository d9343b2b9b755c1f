package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What runtimes that do not own a state dir ask of the one that does: {@code requests/<job_id>.json}, the manifest of a job
 * to queue, and {@code requests/<job_id>.cancel}. Each file is durable before the asker goes on, and stays until the owner,
 * whoever that is by then, has done it; to do one twice changes nothing.
 */
public final class RequestBox {
    private static final System.Logger LOG = System.getLogger(RequestBox.class.getName());
    private static final String CANCEL_SUFFIX = ".cancel";

    /** One request. */
    public sealed interface Request {}

    /**
     * A job to queue.
     *
     * @param job queued, as its asker was told
     */
    public record Create(JobRecord job) implements Request {}

    /**
     * A job to cancel.
     *
     * @param id the job
     */
    public record Cancel(JobId id) implements Request {}

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final AtomicFiles files;

    RequestBox(StateDir dir, JsonCodec codec, Disk disk) {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
        this.files = new AtomicFiles(disk);
    }

    /**
     * The box of a state dir that another runtime owns.
     *
     * @param root the state dir
     * @param codec writes its files
     * @param disk changes its files
     * @return the box
     */
    public static RequestBox of(Path root, JsonCodec codec, Disk disk) {
        return new RequestBox(new StateDir(root), codec, disk);
    }

    /**
     * Makes the directory again if somebody has deleted it.
     *
     * @throws IOException if it can't be made
     */
    public void ensureDirectory() throws IOException {
        disk.createDirectories(dir.requests());
    }

    /** {@return where the requests lie} */
    public Path directory() {
        return dir.requests();
    }

    /**
     * Asks for a job. On return the request survives a power cut.
     *
     * @param job queued
     * @throws IOException if it could not be made durable
     */
    public void submit(JobRecord job) throws IOException {
        disk.createDirectories(dir.requests());
        // The owner's manifest has a number more: what it could not store must not be acknowledged.
        encode(job, JournalEntry.MAX_NUMBER);
        try {
            files.replace(dir.request(job.id()), encode(job, 0));
        } catch (IOException e) {
            disk.delete(dir.request(job.id()));
            throw e;
        }
    }

    private byte[] encode(JobRecord job, long number) throws IOException {
        return ManifestFormat.encode(job, number, dir.stdout(job.id()), dir.stderr(job.id()), codec);
    }

    /**
     * Asks for a job's end. On return the request survives a power cut.
     *
     * @param id the job
     * @throws IOException if it could not be made durable
     */
    public void submitCancel(JobId id) throws IOException {
        disk.createDirectories(dir.requests());
        // Its name says all, and a full disk has room for that.
        files.replace(dir.cancelRequest(id), new byte[0]);
    }

    /**
     * Whether a request to cancel a job has not been done yet.
     *
     * @param id the job
     * @return true while its file is there
     */
    public boolean isCancelPending(JobId id) {
        return StateDir.exists(dir.cancelRequest(id));
    }

    /**
     * Whether a job was asked for that has not been stored yet.
     *
     * @param id the job
     * @return true while its file is there
     */
    public boolean isCreatePending(JobId id) {
        return StateDir.exists(dir.request(id));
    }

    /**
     * Puts a request aside that can't be done, ever.
     *
     * @param request the request
     * @param why the rest of a sentence about it
     * @return a line for the diagnostics
     */
    public String putAside(Request request, String why) {
        return new Quarantine(dir, disk).move(fileOf(request), why);
    }

    private Path fileOf(Request request) {
        if (request instanceof Create create) {
            return dir.request(create.job().id());
        }
        return dir.cancelRequest(((Cancel) request).id());
    }

    /**
     * What is asked now. A request that can't be used is put aside; one of a newer version is left for a newer owner, and a
     * cancel of its job with it.
     *
     * @param problems gets a line for each that was put aside
     * @param unreadable gets the reason for each that can't be read now, and so is not in the answer
     * @return jobs to queue, oldest first, then jobs to cancel
     * @throws IOException if the directory can't be read
     */
    public List<Request> pending(List<String> problems, List<? super IOException> unreadable) throws IOException {
        List<JobRecord> jobs = new ArrayList<>();
        List<Request> cancels = new ArrayList<>();
        Set<Path> left = new HashSet<>();
        for (Path file : StateDir.list(dir.requests(), "[!.]*")) {
            try {
                if (file.toString().endsWith(ManifestReader.SUFFIX)) {
                    jobs.add(queued(file));
                } else {
                    cancels.add(cancel(file));
                }
            } catch (NoSuchFileException e) {
                LOG.log(System.Logger.Level.DEBUG, "taken away meanwhile: " + file, e);
            } catch (InvalidJsonException | InvalidFileException e) {
                if (e instanceof InvalidFileException invalid && invalid.isNewer()) {
                    LOG.log(System.Logger.Level.DEBUG, "left: " + file, e);
                    left.add(file);
                } else {
                    problems.add(new Quarantine(dir, disk).move(file, String.valueOf(e.getMessage())));
                }
            } catch (IOException e) {
                unreadable.add(e);
            }
        }
        cancels.removeIf(request -> left.contains(dir.request(((Cancel) request).id())));
        jobs.sort(JobRecord.OLDEST_FIRST);
        List<Request> all = new ArrayList<>();
        jobs.forEach(job -> all.add(new Create(job)));
        all.addAll(cancels);
        return all;
    }

    private JobRecord queued(Path file) throws IOException {
        JobRecord job = ManifestReader.parse(file, codec);
        if (job.status() != JobStatus.QUEUED) {
            throw InvalidFileException.invalid("asks for a job that is not queued");
        }
        return job;
    }

    private static Request cancel(Path file) throws InvalidFileException {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(CANCEL_SUFFIX)) {
            throw InvalidFileException.invalid("is no request");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw InvalidFileException.invalid("is no regular file");
        }
        return new Cancel(JobId.parse(name.substring(0, name.length() - CANCEL_SUFFIX.length()))
                .orElseThrow(() -> InvalidFileException.invalid("names no job")));
    }

    /**
     * Takes requests away that were done.
     *
     * @param done which
     * @throws IOException if some may still be there
     */
    public void remove(Request... done) throws IOException {
        for (Request request : Arrays.asList(done)) {
            disk.delete(fileOf(request));
        }
        // A request that came back after a power cut would be done again when its job is long forgotten.
        disk.syncDirectory(dir.requests());
    }
}
