package dev.tau.jobs.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Stands in front of every library, so that what is refused, and with what words, does not depend on which one is there: size,
 * encoding, the whole grammar of RFC 8259, duplicate names, depth, and the length of numbers. Libraries differ in each of these,
 * and some end in a StackOverflowError.
 */
final class JsonGuard {
    /** Longer ones cost time that grows with the square of their length; Jackson's own limit. */
    static final int MAX_NUMBER_CHARS = 1_000;
    /** Well inside what a BigDecimal's exponent can hold, whatever the digits before it. */
    static final int MAX_EXPONENT_DIGITS = 9;

    private static final long MAX_EXPONENT = 999_999_999;

    private static final String BOM = "\uFEFF";
    private static final int END = -1;

    private final String text;
    private int at;

    private JsonGuard(String text) {
        this.text = text;
    }

    /**
     * Checks that bytes are one JSON object.
     *
     * @param bytes UTF-8, perhaps with a byte order mark
     * @return the text, without the mark
     * @throws InvalidJsonException if it is none that we take; the message says why and where, and quotes nothing
     */
    static String check(byte[] bytes) throws InvalidJsonException {
        if (bytes.length > JsonCodec.MAX_BYTES) {
            throw new InvalidJsonException("is " + bytes.length + " bytes long, over " + JsonCodec.MAX_BYTES);
        }
        String text = decode(bytes);
        new JsonGuard(text).document();
        return text;
    }

    private static String decode(byte[] bytes) throws InvalidJsonException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // Zero bytes so early are UTF-16 or UTF-32.
            if (text.lastIndexOf('\0', 3) >= 0) {
                throw new InvalidJsonException("is not UTF-8 text");
            }
            return text.startsWith(BOM) ? text.substring(BOM.length()) : text;
        } catch (CharacterCodingException e) {
            throw new InvalidJsonException("is not UTF-8 text");
        }
    }

    private void document() throws InvalidJsonException {
        skipWhitespace();
        if (peek() != '{') {
            throw malformed("it does not begin with {");
        }
        object(1);
        skipWhitespace();
        if (peek() != END) {
            throw malformed("something stands behind it");
        }
    }

    private void value(int depth) throws InvalidJsonException {
        switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void object(int depth) throws InvalidJsonException {
        Set<String> names = new HashSet<>();
        if (opens(depth, '}')) {
            do {
                skipWhitespace();
                if (peek() != '"') {
                    throw malformed("a name is missing");
                }
                int from = at;
                string();
                // As they are written: there they must not become one.
                if (!names.add(JsonShape.wellFormed(JsonStrings.decode(text, from)))) {
                    throw malformed("a name stands twice in one object");
                }
                skipWhitespace();
                expect(':');
                skipWhitespace();
                value(depth);
                skipWhitespace();
            } while (accept(','));
            expect('}');
        }
    }

    private void array(int depth) throws InvalidJsonException {
        if (opens(depth, ']')) {
            do {
                skipWhitespace();
                value(depth);
                skipWhitespace();
            } while (accept(','));
            expect(']');
        }
    }

    /** Takes the opening character; returns whether there is something before the closing one, or takes that, too. */
    private boolean opens(int depth, char closing) throws InvalidJsonException {
        if (depth > JsonCodec.MAX_DEPTH) {
            throw malformed("it is nested deeper than " + JsonCodec.MAX_DEPTH);
        }
        at++;
        skipWhitespace();
        return !accept(closing);
    }

    private void string() throws InvalidJsonException {
        at++;
        while (true) {
            int c = peek();
            if (c < ' ') {
                throw malformed(c == END ? "a string does not end" : "a string holds a control character");
            }
            at++;
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                escape();
            }
        }
    }

    private void escape() throws InvalidJsonException {
        int c = peek();
        at++;
        if (c == 'u') {
            for (int i = 0; i < 4; i++, at++) {
                if (peek() == END || Character.digit(peek(), 16) < 0 || peek() > 'f') {
                    throw malformed("\\u needs four hexadecimal digits");
                }
            }
        } else if (c == END || "\"\\/bfnrt".indexOf(c) < 0) {
            throw malformed("\\ needs one of \"\\/bfnrtu behind it");
        }
    }

    private void literal(String literal) throws InvalidJsonException {
        if (!text.startsWith(literal, at)) {
            throw malformed("a value is missing");
        }
        at += literal.length();
    }

    private void number() throws InvalidJsonException {
        int from = at;
        accept('-');
        if (!accept('0') && digits() == 0) {
            throw malformed("a value is missing");
        }
        boolean decimal = accept('.');
        if (decimal && digits() == 0) {
            throw malformed("a number ends in a point");
        }
        if (accept('e') || accept('E')) {
            decimal = true;
            if (!accept('+')) {
                accept('-');
            }
            int digits = digits();
            if (digits == 0 || digits > MAX_EXPONENT_DIGITS) {
                throw malformed("an exponent must have 1 to " + MAX_EXPONENT_DIGITS + " digits");
            }
        }
        if (at - from > MAX_NUMBER_CHARS) {
            throw malformed("a number has more than " + MAX_NUMBER_CHARS + " characters");
        }
        if (decimal) {
            checkCanRead(new BigDecimal(text.substring(from, at)));
        }
    }

    /** A number is written in another form than it was read, and must be read again in that form. */
    private void checkCanRead(BigDecimal number) throws InvalidJsonException {
        if (Math.abs((long) number.precision() - number.scale() - 1) > MAX_EXPONENT) {
            throw malformed("an exponent must have 1 to " + MAX_EXPONENT_DIGITS + " digits");
        }
        if (number.toString().length() > MAX_NUMBER_CHARS) {
            throw malformed("a number has more than " + MAX_NUMBER_CHARS + " characters");
        }
    }

    private int digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - from;
    }

    private void skipWhitespace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private boolean accept(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) throws InvalidJsonException {
        if (!accept(c)) {
            throw malformed("a " + c + " is missing");
        }
    }

    /** The text itself is not quoted: it may hold a secret. */
    private InvalidJsonException malformed(String why) {
        long line = 1 + text.chars().limit(at).filter(c -> c == '\n').count();
        return new InvalidJsonException("is not one well-formed JSON object: " + why + " (line " + line + ")");
    }
}
