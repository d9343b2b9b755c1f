package dev.tau.jobs.micrometer;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The runtimes of this JVM, by their MBeans: whichever class loader has the plugin, and whoever opened them. */
final class Runtimes {
    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName all;

    Runtimes() {
        try {
            all = new ObjectName("dev.tau.jobs:type=JobRuntime,*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The sum of an attribute; 0 if there is no runtime. */
    double sum(String attribute) {
        return beans.queryNames(all, null).stream()
                .mapToDouble(name -> value(name, attribute))
                .sum();
    }

    private double value(ObjectName name, String attribute) {
        try {
            return beans.getAttribute(name, attribute) instanceof Number number ? number.doubleValue() : 0;
        } catch (JMException e) {
            // It has just been closed.
            return 0;
        }
    }
}
