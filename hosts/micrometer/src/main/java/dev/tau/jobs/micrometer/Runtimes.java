package dev.tau.jobs.micrometer;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * The runtimes of this JVM, by their MBeans: whichever class loader has the plugin, and whoever opened them. One that was closed
 * stays counted. Safe for several threads.
 */
final class Runtimes {
    private record Key(ObjectName runtime, String attribute) {}

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final Map<Key, Counted> counts = new HashMap<>();
    private final ObjectName all;

    Runtimes() {
        try {
            all = new ObjectName("dev.tau.jobs:type=JobRuntime,*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The sum of an attribute that each of them counts up from 0. */
    synchronized double sum(String attribute) {
        for (ObjectName name : beans.queryNames(all, null)) {
            Counted count = counts.computeIfAbsent(new Key(name, attribute), key -> fromZero());
            count.upTo(value(name, attribute));
        }
        return counts.entrySet().stream()
                .filter(count -> count.getKey().attribute().equals(attribute))
                .mapToDouble(count -> count.getValue().upTo(Double.NaN))
                .sum();
    }

    private static Counted fromZero() {
        Counted count = new Counted();
        count.upTo(0);
        return count;
    }

    private double value(ObjectName name, String attribute) {
        try {
            return beans.getAttribute(name, attribute) instanceof Number number ? number.doubleValue() : Double.NaN;
        } catch (JMException e) {
            // It has just been closed, or is of another version.
            return Double.NaN;
        }
    }
}
