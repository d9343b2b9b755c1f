package dev.tau.jobs.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret that each HTTP request has to show. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int RANDOM_BYTES = 32;
    /** Of base64's characters these are 96 bits; whoever is on this machine may guess as often as he likes. */
    private static final int MIN_LENGTH = 16;

    private final String value;

    private BearerToken(String value) {
        this.value = value;
    }

    /**
     * A token that somebody has chosen.
     *
     * @param value the token as clients send it
     * @return the token
     * @throws IllegalArgumentException if no header can carry it, or it is too short; the message is the rule, without the value
     */
    public static BearerToken of(String value) {
        if (value.length() < MIN_LENGTH || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "must be visible ASCII characters without spaces, at least " + MIN_LENGTH);
        }
        return new BearerToken(value);
    }

    /** {@return a new token of 256 random bits} */
    public static BearerToken random() {
        byte[] bits = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bits);
        return new BearerToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** {@return the secret itself, for the one file that holds it} */
    public String reveal() {
        return value;
    }

    /**
     * Whether a request shows this token in a header.
     *
     * @param authorization the header {@code Authorization}, null if absent
     * @return whether it does
     */
    public boolean isShownBy(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return is(authorization.substring(SCHEME.length()).strip());
    }

    /**
     * Whether this is it, in a time that depends on what was sent alone: it says neither how much of it is right nor how long
     * the token is.
     *
     * @param shown what a request has shown
     * @return whether it is
     */
    public boolean is(String shown) {
        return MessageDigest.isEqual(shown.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    /** Without the secret, so that no log can come to hold it. */
    @Override
    public String toString() {
        return "a bearer token";
    }
}
