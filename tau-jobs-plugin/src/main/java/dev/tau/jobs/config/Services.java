package dev.tau.jobs.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;

/**
 * What a host has put on its class path for us. Its own class loader and ours are asked: on a thread of the common pool the
 * host's is the system's, which in a packaged application sees nothing.
 *
 * @param <T> the service
 * @param services one of each class
 * @param problems a sentence for each that can't be loaded
 */
public record Services<T>(List<T> services, List<String> problems) {
    /** A services file that breaks at every entry would otherwise never end. */
    private static final int MAX_BROKEN = 100;

    /** Copies the lists. */
    public Services {
        services = List.copyOf(services);
        problems = List.copyOf(problems);
    }

    /**
     * Finds services.
     *
     * @param <T> the service
     * @param host the host's class loader
     * @param load {@link ServiceLoader#load(Class, ClassLoader)} of the service, called by who declares that it uses it
     * @return what was found
     */
    public static <T> Services<T> find(ClassLoader host, Function<ClassLoader, ServiceLoader<T>> load) {
        Set<ClassLoader> loaders = new LinkedHashSet<>(List.of(host));
        ClassLoader own = Services.class.getClassLoader();
        if (own != null) {
            loaders.add(own);
        }
        List<T> services = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> classNames = new HashSet<>();
        for (ClassLoader loader : loaders) {
            Iterator<ServiceLoader.Provider<T>> providers =
                    load.apply(loader).stream().iterator();
            for (int broken = 0; broken < MAX_BROKEN; ) {
                try {
                    if (!providers.hasNext()) {
                        break;
                    }
                    ServiceLoader.Provider<T> provider = providers.next();
                    if (classNames.add(provider.type().getName())) {
                        services.add(provider.get());
                    }
                } catch (ServiceConfigurationError | LinkageError e) {
                    broken++;
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return new Services<>(services, problems);
    }
}
