package dev.tau.jobs.spi;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map of few members in their order: a fifth of a LinkedHashMap's memory, which a list of jobs needs for each of
 * them. Looks names up one after the other.
 */
final class SmallMap extends AbstractMap<String, @Nullable Object> {
    /** Of more, a hash table finds a name quicker. */
    private static final int MOST = 32;

    private final String[] names;
    private final @Nullable Object[] values;

    private SmallMap(String[] names, @Nullable Object[] values) {
        this.names = names;
        this.values = values;
    }

    /** Gathers members; of one name the last one counts, in the place of the first. For one thread. */
    static final class Builder {
        private String[] names;
        private @Nullable Object[] values;
        private int size;
        private final boolean distinct;
        /** In place of the arrays, when there are too many. */
        private @Nullable Map<String, @Nullable Object> many;

        /** For about so many, of which no two have the same name if they are said to be distinct. */
        Builder(int about, boolean distinct) {
            this.distinct = distinct;
            int room = Math.max(0, Math.min(about, MOST));
            names = new String[room];
            values = new Object[room];
            if (about > MOST) {
                many = new LinkedHashMap<>(2 * about);
            }
        }

        void put(String name, @Nullable Object value) {
            if (many != null) {
                many.put(name, value);
                return;
            }
            int place = distinct ? -1 : Arrays.asList(names).subList(0, size).indexOf(name);
            if (place >= 0) {
                values[place] = value;
            } else if (size == MOST) {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                build().forEach(all::put);
                all.put(name, value);
                many = all;
            } else {
                if (size == names.length) {
                    names = Arrays.copyOf(names, MOST);
                    values = Arrays.copyOf(values, MOST);
                }
                names[size] = name;
                values[size++] = value;
            }
        }

        /** An immutable map, whatever the number. Nothing may be put afterwards. */
        Map<String, @Nullable Object> build() {
            if (many != null) {
                return Collections.unmodifiableMap(many);
            }
            boolean full = size == names.length;
            return new SmallMap(full ? names : Arrays.copyOf(names, size), full ? values : Arrays.copyOf(values, size));
        }
    }

    private int indexOf(@Nullable Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        int i = indexOf(name);
        return i < 0 ? null : values[i];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return indexOf(name) >= 0;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], values[i]);
        }
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < names.length;
                    }

                    @Override
                    public Map.Entry<String, @Nullable Object> next() {
                        if (next == names.length) {
                            throw new NoSuchElementException();
                        }
                        int i = next++;
                        return new SimpleImmutableEntry<>(names[i], values[i]);
                    }
                };
            }
        };
    }
}
