package dev.tau.jobs.top;

/** What a person may press. */
enum Key {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    FIRST,
    LAST,
    ENTER,
    BACK,
    OTHER_OUTPUT,
    CANCEL,
    FILTER,
    HELP,
    QUIT,
    ERASE,
    REDRAW,
    /** Any other character. */
    TEXT,
    /** Whatever else a keyboard has. */
    OTHER
}
