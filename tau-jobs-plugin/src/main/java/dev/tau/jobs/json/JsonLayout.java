package dev.tau.jobs.json;

/**
 * Lays out JSON text in the one way in which our files are written, whatever library made it: they differ in white space, in
 * which characters they escape, and in how.
 */
final class JsonLayout {
    private final String text;
    private final boolean pretty;
    private final StringBuilder out;
    private int at;
    private int depth;

    private JsonLayout(String text, boolean pretty) {
        this.text = text;
        this.pretty = pretty;
        this.out = new StringBuilder(text.length() * (pretty ? 5 : 4) / 4);
    }

    /**
     * Lays out a text.
     *
     * @param json well-formed
     * @param pretty with two spaces a level and one behind each colon; else on one line without any
     */
    static String of(String json, boolean pretty) {
        return new JsonLayout(json, pretty).laidOut();
    }

    private String laidOut() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case ' ', '\n', '\r', '\t' -> at++;
                case '"' -> string();
                case '{' -> open('{', '}');
                case '[' -> open('[', ']');
                case '}', ']' -> {
                    depth--;
                    newLine();
                    copy(c);
                }
                case ',' -> {
                    copy(c);
                    newLine();
                }
                case ':' -> {
                    copy(c);
                    if (pretty) {
                        out.append(' ');
                    }
                }
                default -> copy(c);
            }
        }
        return out.toString();
    }

    private void copy(char c) {
        out.append(c);
        at++;
    }

    private void open(char opening, char closing) {
        copy(opening);
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (text.charAt(at) == closing) {
            copy(closing);
        } else {
            depth++;
            newLine();
        }
    }

    private void newLine() {
        if (pretty) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void string() {
        copy('"');
        while (text.charAt(at) != '"') {
            JsonStrings.append(out, JsonStrings.charAt(text, at));
            at += JsonStrings.width(text, at);
        }
        copy('"');
    }
}
