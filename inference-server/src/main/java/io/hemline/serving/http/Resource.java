package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One path and what it does for each method. {@code HEAD} is answered as {@code GET} without its body, {@code OPTIONS}
 * with the methods.
 *
 * <p>Immutable.
 */
public final class Resource {

    private final String path;
    private final Map<HttpMethod, ResourceAction> actions;
    private final String allow;
    private final boolean open;

    private Resource(String path, Map<HttpMethod, ResourceAction> actions, boolean open) {
        this.path = requireNonNull(path, "path");
        this.actions = Collections.unmodifiableMap(new LinkedHashMap<>(actions));
        StringJoiner methods = new StringJoiner(", ");
        for (HttpMethod method : actions.keySet()) {
            methods.add(method.name());
            if (method.equals(HttpMethod.GET)) {
                methods.add("HEAD");
            }
        }
        this.allow = methods.add("OPTIONS").toString();
        this.open = open;
    }

    /** A resource that can be read. The path is a template such as {@code /v2/models/{model}}. */
    public static Resource get(String path, ResourceAction action) {
        return new Resource(path, Map.of(HttpMethod.GET, action), false);
    }

    /** A resource that answers a posted question. */
    public static Resource post(String path, ResourceAction action) {
        return new Resource(path, Map.of(HttpMethod.POST, action), false);
    }

    /** A resource that answers the same kind of question asked either way. */
    public static Resource getOrPost(String path, ResourceAction get, ResourceAction post) {
        Map<HttpMethod, ResourceAction> actions = new LinkedHashMap<>();
        actions.put(HttpMethod.GET, get);
        actions.put(HttpMethod.POST, post);
        return new Resource(path, actions, false);
    }

    /** The same for everybody, also for those who do not say who they are. */
    public Resource forEveryone() {
        return new Resource(path, actions, true);
    }

    /** Whether nobody needs to say who they are. */
    public boolean isForEveryone() {
        return open;
    }

    /** The path's template, as the OpenAPI writes it. */
    public String path() {
        return path;
    }

    /** The methods with an action of their own. */
    public Set<HttpMethod> methods() {
        return actions.keySet();
    }

    /** The methods that may be used, as the {@code Allow} header lists them. */
    String allow() {
        return allow;
    }

    /** The path as the router writes it: {@code /v2/models/:model}. */
    String routePath() {
        return path.replace('{', ':').replace("}", "");
    }

    /** What answers a method, or {@code null} when the method is not allowed. */
    @Nullable ResourceAction action(HttpMethod method) {
        return actions.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    }
}
