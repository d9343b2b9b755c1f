package dev.tau.jobs.cli.mcp;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The process's real stdin and stdout, kept for the protocol alone.
 *
 * @param input the real stdin
 * @param output the real stdout, unbuffered
 */
public record ProtocolStreams(InputStream input, OutputStream output) {

    /**
     * Takes stdin and stdout away from the rest of the program. Call it first in {@code main}: whoever has already
     * fetched {@code System.out} keeps writing into the protocol.
     *
     * <p>Not covered: native code writing to descriptor 1, JVM warnings (start Java with
     * {@code -Xlog:disable -Xlog:all=warning:stderr}), and child processes started with inherited streams.
     */
    public static ProtocolStreams claim() {
        // From the descriptors, not System.in/out: PrintStream swallows IOException, so a vanished client would go
        // unnoticed, and BufferedInputStream would add only a copy.
        ProtocolStreams streams =
                new ProtocolStreams(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        // A library that prints would put its text between two messages.
        System.setOut(System.err);
        // A library that reads would swallow a message, or block for ever.
        System.setIn(InputStream.nullInputStream());
        return streams;
    }
}
