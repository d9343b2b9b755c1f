package dev.tau.jobs.doctor;

import java.util.Locale;

/**
 * Something that is not as it should be in a state dir, or worth a note.
 *
 * @param kind what sort of thing
 * @param file where, relative to the state dir; a dot is the directory itself
 * @param what what is wrong, one sentence
 * @param remedy what can be done about it, or what has been done if it is mended; one sentence
 * @param mended whether it is as it should be now
 */
public record Finding(Kind kind, String file, String what, String remedy, boolean mended) {

    /** What can be found. */
    public enum Kind {
        /** A disk with hardly any room left, or none. */
        LOW_DISK_SPACE,
        /** A directory or file that others can use. */
        PERMISSIONS,
        /** Something that has no business at its place: a link, a directory, a file of no job. */
        ODD_FILE,
        /** A temporary file that a crash left behind. */
        LEFTOVER,
        /** Manifests that don't show yet what the journal says. */
        LAGGING,
        /** A manifest that can't be parsed. */
        BROKEN_MANIFEST,
        /** A file that a newer version wrote. */
        NEWER_VERSION,
        /** A file that the disk or the permissions keep from us. */
        UNREADABLE,
        /** Output of a job that has no manifest. */
        ORPHAN,
        /** A state.json that can't be parsed. */
        BROKEN_STATE,
        /** Counters that don't fit each other or the manifests. */
        COUNTERS,
        /** Half a line at the end of the event log. */
        TORN_LINE,
        /** Lines of an event log that can't be parsed. */
        BROKEN_LINES,
        /** Processes of a job that nobody runs any more. */
        STRAY,
        /** Files in the quarantine: only a note. */
        QUARANTINED,
        /** A file that we don't know: only a note. */
        UNKNOWN_FILE;

        /** {@return the name in tables and JSON} */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** {@return whether it is worth telling, but nothing is wrong} */
        public boolean isNote() {
            return this == QUARANTINED || this == UNKNOWN_FILE;
        }
    }

    /** {@return whether something is wrong now} */
    public boolean isProblem() {
        return !mended && !kind.isNote();
    }
}
