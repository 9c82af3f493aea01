package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.Problem.ProblemException;
import io.vertx.core.http.HttpMethod;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One path with an action for each method. {@code HEAD} is answered as {@code GET} without its body, {@code OPTIONS}
 * with the methods.
 *
 * <p>Immutable.
 */
public final class Resource {

    private final String path;
    private final Map<HttpMethod, Action> actions;
    private final String allow;
    private final boolean authenticated;

    private Resource(String path, Map<HttpMethod, Action> actions, boolean authenticated) {
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
        this.authenticated = authenticated;
    }

    /** A resource that answers {@code GET}. The path is a template such as {@code /v2/models/{model}}. */
    public static Resource get(String path, Action action) {
        return new Resource(path, Map.of(HttpMethod.GET, action), true);
    }

    /** A resource that answers {@code POST}. */
    public static Resource post(String path, Action action) {
        return new Resource(path, Map.of(HttpMethod.POST, action), true);
    }

    /** A resource that answers {@code GET} and {@code POST}. */
    public static Resource getOrPost(String path, Action get, Action post) {
        Map<HttpMethod, Action> actions = new LinkedHashMap<>();
        actions.put(HttpMethod.GET, get);
        actions.put(HttpMethod.POST, post);
        return new Resource(path, actions, true);
    }

    /** The same resource for clients without credentials too. */
    public Resource withoutAuthentication() {
        return new Resource(path, actions, false);
    }

    /** Whether clients must authenticate. */
    public boolean isAuthenticated() {
        return authenticated;
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

    /** The action of a method, {@code null} when the method is not allowed. */
    @Nullable Action action(HttpMethod method) {
        return actions.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    }

    /** The action of a resource for one method. Runs on the event loop and never blocks. */
    @FunctionalInterface
    public interface Action {

        /** Answers now or later; a thrown {@link ProblemException} becomes the response. */
        void answer(Exchange exchange);
    }
}
