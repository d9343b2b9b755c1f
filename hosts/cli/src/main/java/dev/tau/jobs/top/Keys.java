package dev.tau.jobs.top;

import org.jline.keymap.KeyMap;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** Which key means what. */
final class Keys {
    private static final String ESCAPE = "\033";
    /** An escape alone is the key; more behind it soon is one of the others. */
    private static final long ESCAPE_ENDS_AFTER_MS = 100;

    private Keys() {}

    private static KeyMap<Key> common(Terminal terminal) {
        KeyMap<Key> keys = new KeyMap<>();
        keys.setUnicode(Key.TEXT);
        keys.setNomatch(Key.OTHER);
        keys.setAmbiguousTimeout(ESCAPE_ENDS_AFTER_MS);
        for (char c = ' '; c < 0x7f; c++) {
            keys.bind(Key.TEXT, Character.toString(c));
        }
        keys.bind(Key.ENTER, "\r", "\n");
        keys.bind(Key.BACK, ESCAPE);
        keys.bind(Key.REDRAW, KeyMap.ctrl('L'));
        // Terminals differ in what an arrow sends, also from what they say.
        keys.bind(Key.UP, KeyMap.key(terminal, Capability.key_up), ESCAPE + "[A", ESCAPE + "OA");
        keys.bind(Key.DOWN, KeyMap.key(terminal, Capability.key_down), ESCAPE + "[B", ESCAPE + "OB");
        keys.bind(Key.PAGE_UP, KeyMap.key(terminal, Capability.key_ppage), ESCAPE + "[5~");
        keys.bind(Key.PAGE_DOWN, KeyMap.key(terminal, Capability.key_npage), ESCAPE + "[6~");
        keys.bind(Key.FIRST, KeyMap.key(terminal, Capability.key_home), ESCAPE + "[H", ESCAPE + "[1~");
        keys.bind(Key.LAST, KeyMap.key(terminal, Capability.key_end), ESCAPE + "[F", ESCAPE + "[4~");
        return keys;
    }

    static KeyMap<Key> choosing(Terminal terminal) {
        KeyMap<Key> keys = common(terminal);
        keys.bind(Key.UP, "k");
        keys.bind(Key.DOWN, "j");
        keys.bind(Key.OTHER_OUTPUT, "\t");
        keys.bind(Key.CANCEL, "c");
        keys.bind(Key.FILTER, "/");
        keys.bind(Key.HELP, "?", "h");
        keys.bind(Key.QUIT, "q");
        return keys;
    }

    static KeyMap<Key> typing(Terminal terminal) {
        KeyMap<Key> keys = common(terminal);
        keys.bind(Key.ERASE, KeyMap.key(terminal, Capability.key_backspace), KeyMap.del(), KeyMap.ctrl('H'));
        return keys;
    }
}
