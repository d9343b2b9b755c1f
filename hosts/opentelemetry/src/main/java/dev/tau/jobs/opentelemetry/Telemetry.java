package dev.tau.jobs.opentelemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Whether the host has set up its telemetry: who gets what is not set sets it to nothing for good. */
final class Telemetry {
    private static final @Nullable MethodHandle IS_SET = find();

    private Telemetry() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(GlobalOpenTelemetry.class, "isSet", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            // Before 1.57.
            return null;
        }
    }

    /** True also where it can't be told: with an older API the host must have set it when the first job comes. */
    static boolean isSet() {
        try {
            return IS_SET == null || (boolean) IS_SET.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
