package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.store.StateDirLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Within one JVM; that the lock of another process shows is the black-box tests' matter. */
class OwnerTest {
    private static final long ME = ProcessHandle.current().pid();

    @TempDir
    Path temp;

    private final JsonCodec codec = new JacksonJsonCodec();
    private StateDir dir;

    @BeforeEach
    void resolve() throws IOException {
        dir = new StateDir(temp.toRealPath());
    }

    private StateDirLock acquire() throws IOException {
        return StateDirLock.acquire(dir, codec, Disk.local());
    }

    @Test
    void theOwnerIsFoundAndNobodyWhenItIsGone() throws IOException {
        assertThat(Owner.find(dir, codec)).isEmpty();
        try (StateDirLock taken = acquire()) {
            assertThat(taken).isNotNull();
            assertThat(Owner.find(dir, codec)).contains(new Owner(OptionalLong.of(ME)));
        }
        assertThat(Owner.find(dir, codec)).isEmpty();
    }

    @Test
    void anOwnerWhoseNameIsLostIsFoundByItsLock() throws IOException {
        try (StateDirLock taken = acquire()) {
            assertThat(taken).isNotNull();
            Files.writeString(dir.owner(), "{");
            assertThat(Owner.find(dir, codec)).contains(new Owner(OptionalLong.empty()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid", "start", "path"})
    void anOwnerThatDiedIsNotFoundByItsNameAlone(String member) throws IOException {
        Map<String, @Nullable Object> left;
        try (StateDirLock killed = acquire()) {
            assertThat(killed).isNotNull();
            left = new HashMap<>(codec.read(Files.readAllBytes(dir.owner())));
        }
        left.put(member, member.equals("pid") ? ME + 1 : "another");
        Files.write(dir.owner(), codec.write(left, false));

        assertThat(Owner.find(dir, codec)).isEmpty();
    }
}
