package dev.tau.jobs.json;

/** Strings of JSON text, whose grammar has been checked. */
final class JsonStrings {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private JsonStrings() {}

    /** The value of the string literal whose opening quote stands at a place. */
    static String decode(String text, int quote) {
        int end = quote + 1;
        while (text.charAt(end) != '"' && text.charAt(end) != '\\') {
            end++;
        }
        if (text.charAt(end) == '"') {
            return text.substring(quote + 1, end);
        }
        StringBuilder value = new StringBuilder();
        int at = quote + 1;
        while (text.charAt(at) != '"') {
            value.append(charAt(text, at));
            at += width(text, at);
        }
        return value.toString();
    }

    /** How many characters of the text stand for the one at a place. */
    static int width(String text, int at) {
        if (text.charAt(at) != '\\') {
            return 1;
        }
        return text.charAt(at + 1) == 'u' ? 6 : 2;
    }

    /** The character that is written at a place, as itself or as an escape sequence. */
    static char charAt(String text, int at) {
        char c = text.charAt(at);
        if (c != '\\') {
            return c;
        }
        char escaped = text.charAt(at + 1);
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) Integer.parseInt(text, at + 2, at + 6, 16);
            default -> escaped;
        };
    }

    /** Writes a character as Jackson does: what must be escaped is, by its short form where it has one. */
    static void append(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ') {
                    out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
                } else {
                    out.append(c);
                }
            }
        }
    }
}
