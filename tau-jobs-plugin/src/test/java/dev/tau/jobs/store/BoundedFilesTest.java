package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedFilesTest {
    @TempDir
    Path dir;

    private Path ofLength(long bytes) throws IOException {
        Path file = dir.resolve("file");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        return file;
    }

    @Test
    void a_file_as_long_as_the_limit_is_read_whole() throws IOException {
        assertThat(BoundedFiles.read(ofLength(JsonCodec.MAX_BYTES))).hasSize(JsonCodec.MAX_BYTES);
    }

    @Test
    void one_byte_more_is_refused() {
        assertThatThrownBy(() -> BoundedFiles.read(ofLength(JsonCodec.MAX_BYTES + 1)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("over " + JsonCodec.MAX_BYTES);
    }

    @Test
    void what_is_not_there_is_said_to_be_so() {
        assertThatThrownBy(() -> BoundedFiles.read(dir.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_link_and_a_directory_are_no_files() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), ofLength(1));

        assertThatThrownBy(() -> BoundedFiles.read(link)).hasMessage("is no regular file");
        assertThatThrownBy(() -> BoundedFiles.read(dir)).hasMessage("is no regular file");
    }
}
