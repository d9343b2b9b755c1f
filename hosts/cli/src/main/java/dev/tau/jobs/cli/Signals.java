package dev.tau.jobs.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Hears of Ctrl-C and SIGTERM while the JVM goes on. A shutdown hook would not do: hooks run all at once, and the runtime's
 * own would close it while ours still cancels through it.
 *
 * <p>By reflection, since sun.misc.Signal, which every JDK has in the module jdk.unsupported, can't be named without a
 * warning that nothing switches off.
 */
final class Signals {
    private static final System.Logger LOG = System.getLogger(Signals.class.getName());

    private Signals() {}

    /** Runs the action at each such signal, on a thread of its own, in place of ending the JVM. */
    static void onTermination(Runnable action) {
        for (String name : List.of("INT", "TERM", "HUP")) {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                Object proxy = Proxy.newProxyInstance(
                        Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                            if (method.getName().equals("handle")) {
                                action.run();
                                return null;
                            }
                            return switch (method.getName()) {
                                case "hashCode" -> System.identityHashCode(self);
                                case "equals" -> self == arguments[0];
                                default -> "signal handler of tau-jobs";
                            };
                        });
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                // Without it the signal ends the JVM, whose runtime ends the job's processes and queues it again.
                LOG.log(System.Logger.Level.DEBUG, "no handler for SIG" + name, e);
            }
        }
    }
}
