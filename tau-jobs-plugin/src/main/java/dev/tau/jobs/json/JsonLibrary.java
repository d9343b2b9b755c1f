package dev.tau.jobs.json;

import java.util.Locale;
import java.util.ServiceConfigurationError;

/** What reads and writes JSON: the plugin brings no library of its own, and takes what the host has. */
public enum JsonLibrary {
    /** Jackson if it is there, else JSON-B. */
    AUTO,
    /** jackson-databind, 2.18 or later. */
    JACKSON,
    /** Any JSON-B 3 provider, such as Yasson or Johnzon, with its JSON-P provider. */
    JSONB;

    /**
     * The library of a name.
     *
     * @param name auto, jackson or jsonb, in any case
     * @return the library
     * @throws IllegalArgumentException if it is none of these; the message is the rule
     */
    public static JsonLibrary parse(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "jackson" -> JACKSON;
            case "jsonb" -> JSONB;
            default -> throw new IllegalArgumentException("must be auto, jackson or jsonb");
        };
    }

    /**
     * A codec by this library.
     *
     * @return a new one
     * @throws MissingJsonLibraryException if the library is not on the class path, or can't be used; the message says what to
     *     put there
     */
    public JsonCodec codec() {
        return switch (this) {
            case AUTO -> any();
            case JACKSON -> jackson();
            case JSONB -> jsonb();
        };
    }

    private static JsonCodec any() {
        try {
            return jackson();
        } catch (MissingJsonLibraryException noJackson) {
            try {
                return jsonb();
            } catch (MissingJsonLibraryException noJsonb) {
                noJsonb.addSuppressed(noJackson);
                throw new MissingJsonLibraryException(
                        "no JSON library can be used: put jackson-databind (2.18 or later) on the class path, or a JSON-B 3 provider"
                                + " such as org.eclipse:yasson",
                        noJsonb);
            }
        }
    }

    private static JsonCodec jackson() {
        try {
            return new JacksonJsonCodec();
        } catch (LinkageError e) {
            throw new MissingJsonLibraryException(
                    "Jackson can't be used: put jackson-databind (2.18 or later) on the class path", e);
        }
    }

    private static JsonCodec jsonb() {
        try {
            return new JsonbJsonCodec();
        } catch (LinkageError | ServiceConfigurationError | RuntimeException e) {
            // JSON-B's and JSON-P's own exceptions can't be named: their classes may be what is missing.
            throw new MissingJsonLibraryException(
                    "JSON-B can't be used: put a JSON-B 3 provider such as org.eclipse:yasson on the class path", e);
        }
    }
}
