package dev.tau.jobs.json;

/** Each library that the codec is made for; what belongs to JSON-B is named here, as both providers are on the class path. */
enum Codecs {
    JACKSON(new JacksonJsonCodec()),
    YASSON(new JsonbJsonCodec(
            new org.eclipse.yasson.JsonBindingProvider(), new org.eclipse.parsson.JsonProviderImpl())),
    YASSON_ON_JOHNZON(new JsonbJsonCodec(
            new org.eclipse.yasson.JsonBindingProvider(), new org.apache.johnzon.core.JsonProviderImpl())),
    JOHNZON(new JsonbJsonCodec(
            new org.apache.johnzon.jsonb.JohnzonProvider(), new org.apache.johnzon.core.JsonProviderImpl()));

    @SuppressWarnings("ImmutableEnumChecker") // a codec has no state that can be seen
    final JsonCodec codec;

    Codecs(JsonCodec codec) {
        this.codec = codec;
    }
}
