package dev.tau.jobs.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Finds services with {@link ServiceLoader}. Both the context's class loader and the one of this class are asked: on a thread of
 * the common pool the context class loader is the system's, which in a packaged application sees no plugin.
 */
final class Providers {
    /** A services file that breaks at every entry would otherwise never end. */
    private static final int MAX_BROKEN = 100;

    private Providers() {}

    /** Each class once, in the order in which they were found; adds a sentence for each that could not be. */
    static <S> List<ServiceLoader.Provider<S>> find(Class<S> service, ToolContext context, List<String> problems) {
        Set<ClassLoader> loaders = new LinkedHashSet<>(List.of(context.classLoader()));
        ClassLoader own = Providers.class.getClassLoader();
        if (own != null) {
            loaders.add(own);
        }
        List<ServiceLoader.Provider<S>> found = new ArrayList<>();
        Set<String> classNames = new HashSet<>();
        for (ClassLoader loader : loaders) {
            Iterator<ServiceLoader.Provider<S>> providers =
                    ServiceLoader.load(service, loader).stream().iterator();
            for (int broken = 0; broken < MAX_BROKEN; ) {
                try {
                    if (!providers.hasNext()) {
                        break;
                    }
                    ServiceLoader.Provider<S> provider = providers.next();
                    if (classNames.add(provider.type().getName())) {
                        found.add(provider);
                    }
                } catch (ServiceConfigurationError | LinkageError e) {
                    broken++;
                    problems.add("a " + service.getSimpleName() + " could not be found: " + e.getMessage());
                }
            }
        }
        return found;
    }
}
