package dev.tau.jobs.testing;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * Gives the parameters of a jqwik property by their types; the arguments of calls have types of their own here, since all
 * are maps.
 *
 * <pre>{@code
 * @Property
 * @Domain(TauJobsDomain.class)
 * void hostile_arguments_are_refused(@ForAll HostileArguments arguments) { … }
 * }</pre>
 *
 * <p>Other types need {@code @Domain(DomainContext.Global.class)} beside it.
 */
public final class TauJobsDomain extends DomainContextBase {

    /** For jqwik. */
    public TauJobsDomain() {}

    /**
     * A JSON-shaped value.
     *
     * @param value String, Boolean, Number, List, Map or null
     */
    public record JsonValue(Object value) {}

    /**
     * Arguments of jobs_create that must be accepted.
     *
     * @param map the arguments
     */
    public record CreateArguments(Map<String, Object> map) {}

    /**
     * Arguments of jobs_create that must be refused.
     *
     * @param map the arguments
     */
    public record HostileArguments(Map<String, Object> map) {}

    /**
     * Texts that have broken programs before.
     *
     * @param list up to five
     */
    public record HostileTexts(List<String> list) {}

    @Provide
    Arbitrary<HostileTexts> hostileTexts() {
        return JobArbitraries.hostileTexts().list().ofMaxSize(5).map(HostileTexts::new);
    }

    @Provide
    Arbitrary<JsonValue> jsonValues() {
        return JobArbitraries.jsonValues().map(JsonValue::new);
    }

    @Provide
    Arbitrary<CreateArguments> createArguments() {
        return JobArbitraries.createArguments().map(CreateArguments::new);
    }

    @Provide
    Arbitrary<HostileArguments> hostileArguments() {
        return JobArbitraries.hostileArguments().map(HostileArguments::new);
    }

    @Provide
    Arbitrary<CallSequence> callSequences() {
        return JobArbitraries.callSequences();
    }
}
