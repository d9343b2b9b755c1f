package dev.tau.jobs.top;

import dev.tau.jobs.statedir.Pace;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.view.Failures;
import java.io.IOError;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** A full-screen view of state dirs, until somebody leaves it. */
public final class Top {
    private static final System.Logger LOG = System.getLogger(Top.class.getName());
    private static final long TICK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<StateDirWatch> dirs;
    private final Terminal terminal;
    private final Screen screen;
    private final Display display;
    private final AtomicBoolean left;
    private final Pace pace = new Pace();
    private final Map<StateDirWatch, String> problems = new HashMap<>();
    private final AtomicBoolean continued = new AtomicBoolean();
    private final AtomicBoolean resized = new AtomicBoolean(true);
    private Size size = Size.of(80, 24);

    private Top(List<StateDirWatch> dirs, Terminal terminal, boolean colour, AtomicBoolean left) {
        this.dirs = dirs;
        this.terminal = terminal;
        this.left = left;
        Charset charset = terminal.encoding();
        this.screen = new Screen(dirs, problems, new Look(colour, StandardCharsets.UTF_8.equals(charset)));
        this.display = new Display(terminal, true);
    }

    /**
     * Shows state dirs on the terminal of this process, and leaves it as it was.
     *
     * @param dirs what to show, at least one
     * @param colour whether to use colours
     * @param left becomes true when the process is to end; it is looked at several times a second
     * @throws IOException if there is no terminal
     */
    public static void show(List<StateDirWatch> dirs, boolean colour, AtomicBoolean left) throws IOException {
        try (Terminal terminal = terminal()) {
            new Top(dirs, terminal, colour, left).show();
        }
    }

    /** By stty: the other ways need native code, and a flag for the JVM to load it without a warning. */
    private static Terminal terminal() throws IOException {
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .provider("exec")
                    .nativeSignals(true)
                    .signalHandler(Terminal.SignalHandler.SIG_IGN)
                    .build();
        } catch (IllegalStateException e) {
            throw new IOException("top needs a terminal; list, status and events do without", e);
        }
        for (Capability needed : List.of(Capability.cursor_address, Capability.clr_eol, Capability.clear_screen)) {
            if (terminal.getStringCapability(needed) == null) {
                terminal.close();
                throw new IOException("top needs a terminal that can do more than " + terminal.getType()
                        + " (TERM); list, status and events do without");
            }
        }
        return terminal;
    }

    private void show() throws IOException {
        terminal.handle(Terminal.Signal.INT, signal -> left.set(true));
        terminal.handle(Terminal.Signal.WINCH, signal -> resized.set(true));
        // Somebody has stopped it, and the shell has had the terminal meanwhile.
        terminal.handle(Terminal.Signal.CONT, signal -> continued.set(true));
        Attributes before = terminal.getAttributes();
        try {
            enter();
            loop();
        } finally {
            leave(before);
        }
    }

    private void enter() {
        terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.puts(Capability.keypad_xmit);
        resized.set(true);
    }

    private void leave(Attributes before) {
        try {
            terminal.puts(Capability.keypad_local);
            terminal.puts(Capability.cursor_normal);
            if (!terminal.puts(Capability.exit_ca_mode)) {
                // One without a second screen, as a console: what was there before is gone.
                terminal.puts(Capability.clear_screen);
            }
            terminal.flush();
            terminal.setAttributes(before);
        } catch (IOError e) {
            LOG.log(System.Logger.Level.DEBUG, "the terminal is gone", e);
        }
    }

    private void loop() {
        BindingReader keys = new BindingReader(terminal.reader());
        KeyMap<Key> chosen = Keys.choosing(terminal);
        KeyMap<Key> typed = Keys.typing(terminal);
        screen.jobsChanged();
        long tickedAt = System.nanoTime() - TICK_EVERY_NANOS;
        boolean draw = true;
        while (!left.get()) {
            if (System.nanoTime() - tickedAt >= TICK_EVERY_NANOS) {
                tickedAt = System.nanoTime();
                screen.tick(tickedAt);
                draw = true;
            }
            if (continued.getAndSet(false)) {
                enter();
            }
            long began = System.nanoTime();
            boolean due = pace.untilNextMs() == 0;
            if (due) {
                draw |= look();
            }
            if (draw || resized.get()) {
                draw();
            }
            if (due) {
                pace.looked(began);
            }
            int next = keys.peekCharacter(Math.max(1, pace.untilNextMs()));
            if (next == -1) {
                return; // nobody is there any more
            }
            draw = next >= 0;
            if (next >= 0) {
                Key key = keys.readBinding(screen.isTyping() ? typed : chosen);
                if (key == Key.BACK && skipUnknown(keys)) {
                    key = Key.OTHER;
                }
                if (key == null || !screen.press(key, keys.getLastBinding())) {
                    return;
                }
                if (key == Key.REDRAW) {
                    resized.set(true);
                }
            }
        }
    }

    /** An escape that begins a key that we don't know, up to its last character: ECMA-48, 5.4. */
    private static boolean skipUnknown(BindingReader keys) {
        int next = keys.peekCharacter(1);
        if (next != '[' && next != 'O') {
            return false;
        }
        keys.readCharacter();
        do {
            next = keys.peekCharacter(1) < 0 ? '~' : keys.readCharacter();
        } while (next < 0x40);
        return true;
    }

    /** One that can't be read keeps nobody from seeing the others, and may be read the next time: an agent may be starting on it. */
    private boolean look() {
        boolean changed = false;
        for (StateDirWatch dir : dirs) {
            try {
                changed |= dir.look();
                changed |= problems.remove(dir) != null;
            } catch (IOException e) {
                String problem = Failures.describe(e);
                changed |= !problem.equals(problems.put(dir, problem));
            }
        }
        if (changed) {
            screen.jobsChanged();
        }
        return changed;
    }

    private void draw() {
        if (resized.getAndSet(false)) {
            Size told = terminal.getSize();
            // One that nobody has told its size.
            size = told.getColumns() > 0 && told.getRows() > 0 ? told : Size.of(80, 24);
            display.resize(size);
            display.clear();
        }
        List<AttributedString> lines = screen.draw(size.getColumns(), size.getRows(), System.currentTimeMillis());
        display.update(lines, 0);
    }
}
