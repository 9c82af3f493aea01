package io.hemline.serving.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/** Records that differ from others in a few components, for configurations of many. */
public final class Changed {

    private Changed() {}

    /**
     * The same record with other values of the named components.
     *
     * @throws IllegalArgumentException if it has no such component, or one refuses its value
     */
    public static <R extends Record> R changed(R usual, Map<String, ?> others) {
        RecordComponent[] components = usual.getClass().getRecordComponents();
        var names = Arrays.stream(components).map(RecordComponent::getName).toList();
        if (!names.containsAll(others.keySet())) {
            throw new IllegalArgumentException("components: some of " + names + ", not " + others.keySet());
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                String name = names.get(i);
                values[i] = others.containsKey(name)
                        ? others.get(name)
                        : components[i].getAccessor().invoke(usual);
            }
            @SuppressWarnings("unchecked")
            R made = (R) usual.getClass().getDeclaredConstructor(types).newInstance(values);
            return made;
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
