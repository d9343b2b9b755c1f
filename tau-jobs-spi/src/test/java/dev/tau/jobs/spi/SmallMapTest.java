package dev.tau.jobs.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** It is the map that a LinkedHashMap of the same members is, but for changes. */
class SmallMapTest {
    @Provide
    Arbitrary<Map<String, Object>> members() {
        Arbitrary<Object> values =
                Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.strings().ofMaxLength(3));
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), values.injectNull(0.2))
                .ofMaxSize(40);
    }

    private static Map<String, @Nullable Object> of(Map<String, Object> members) {
        return of(new SmallMap.Builder(members.size(), true), members);
    }

    private static Map<String, @Nullable Object> of(SmallMap.Builder builder, Map<String, Object> members) {
        members.forEach(builder::put);
        return builder.build();
    }

    @Property
    void how_many_there_are_need_not_be_known(
            @ForAll("members") Map<String, Object> members, @ForAll @IntRange(max = 50) int about) {
        for (boolean distinct : new boolean[] {true, false}) {
            Map<String, @Nullable Object> map = of(new SmallMap.Builder(about, distinct), members);
            assertThat(map).isEqualTo(members);
            assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(members.keySet()));
        }
    }

    @Property
    void of_one_name_the_last_value_counts_in_the_first_place(
            @ForAll List<@StringLength(max = 1) String> names, @ForAll @IntRange(max = 50) int about) {
        SmallMap.Builder builder = new SmallMap.Builder(about, false);
        Map<String, Object> expected = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            builder.put(names.get(i), i);
            expected.put(names.get(i), i);
        }
        Map<String, @Nullable Object> map = builder.build();
        assertThat(map).isEqualTo(expected);
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
    }

    @Property
    void it_is_the_map_of_its_members(
            @ForAll("members") Map<String, Object> members, @ForAll("members") Map<String, Object> others) {
        Map<String, Object> expected = new LinkedHashMap<>(members);
        Map<String, @Nullable Object> map = of(expected);

        assertThat(map).isEqualTo(expected).hasSameHashCodeAs(expected).hasToString(expected.toString());
        assertThat(expected).isEqualTo(map);
        assertThat(map.size()).isEqualTo(expected.size());
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        assertThat(new ArrayList<>(map.values())).isEqualTo(new ArrayList<>(expected.values()));
        assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
        List<Object> visited = new ArrayList<>();
        map.forEach((name, value) -> visited.add(name + "=" + value));
        List<Object> wanted = new ArrayList<>();
        expected.forEach((name, value) -> wanted.add(name + "=" + value));
        assertThat(visited).isEqualTo(wanted);
        for (String name : others.keySet()) {
            assertThat(map.containsKey(name)).isEqualTo(expected.containsKey(name));
            assertThat(map.get(name)).isEqualTo(expected.get(name));
        }
        expected.forEach((name, value) -> {
            assertThat(map.containsKey(name)).isTrue();
            assertThat(map.get(name)).isEqualTo(value);
        });
        assertThat(map.get(null)).isNull();
        assertThat(map.containsKey(null)).isFalse();
    }

    @Property
    void nothing_can_be_changed(@ForAll("members") Map<String, Object> members) {
        Map<String, @Nullable Object> map = of(members);
        assertThatThrownBy(() -> map.put("new", 1)).isInstanceOf(UnsupportedOperationException.class);
        for (String name : members.keySet()) {
            assertThatThrownBy(() -> map.remove(name)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(map).isEqualTo(members);
    }

    @Test
    void an_iterator_ends() {
        Iterator<?> all = of(Map.of("a", 1)).entrySet().iterator();
        all.next();
        assertThat(all.hasNext()).isFalse();
        assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
    }
}
