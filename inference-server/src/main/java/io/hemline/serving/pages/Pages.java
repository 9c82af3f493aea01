package io.hemline.serving.pages;

import io.hemline.serving.http.Exchange;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.http.Representation;
import io.hemline.serving.http.Resource;
import io.hemline.serving.http.SafeText;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The web pages: a small console at {@code /} and the interactive API page at {@code /docs}, with their files under
 * {@code /assets}. The content security policy allows no files from elsewhere.
 *
 * <p>Thread-safe: files are cached in a concurrent map.
 */
public final class Pages {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String CONSOLE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Swagger UI sets styles on its elements. */
    private static final String DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> OWN_ASSETS = Map.of(
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "docs.js", "text/javascript; charset=utf-8");
    private static final Map<String, String> SWAGGER_ASSETS = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");

    private final Map<String, Representation> assets = new ConcurrentHashMap<>();

    public List<Resource> resources() {
        Representation console = page("console.html", CONSOLE_POLICY);
        Representation docs = page("docs.html", DOCS_POLICY);
        return List.of(
                Resource.get("/", exchange -> exchange.answer(console)).withoutAuthentication(),
                Resource.get("/docs", exchange -> exchange.answer(docs)).withoutAuthentication(),
                Resource.get("/assets/{file}", this::asset).withoutAuthentication());
    }

    private void asset(Exchange exchange) {
        String file = exchange.pathParameter("file");
        if (!OWN_ASSETS.containsKey(file) && !SWAGGER_ASSETS.containsKey(file)) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no asset " + SafeText.quoted(file) + ".");
        }
        Representation kept = assets.get(file);
        if (kept != null) {
            exchange.answer(kept);
            return;
        }
        exchange.answerWritten(() -> assets.computeIfAbsent(file, Pages::load), Long.MAX_VALUE);
    }

    private static Representation load(String file) {
        String own = OWN_ASSETS.get(file);
        String contentType = own != null ? own : SWAGGER_ASSETS.getOrDefault(file, "application/octet-stream");
        byte[] bytes = ClassPathFile.read(own != null ? file : swaggerFolder() + file);
        return Representation.tagged(contentType, bytes, Map.of("Cache-Control", "public, max-age=3600"));
    }

    private static Representation page(String file, String policy) {
        return Representation.tagged(
                HTML,
                ClassPathFile.read(file),
                Map.of(
                        "Cache-Control", "no-cache",
                        "Content-Security-Policy", policy,
                        "Referrer-Policy", "no-referrer"));
    }

    /** The folder of Swagger UI in its web jar, which names its version. */
    private static String swaggerFolder() {
        Properties properties = new Properties();
        byte[] bytes = ClassPathFile.read("/META-INF/maven/org.webjars/swagger-ui/pom.properties");
        try {
            properties.load(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
    }

    /** Reads files of the class path. */
    public static final class ClassPathFile {

        private ClassPathFile() {}

        /** The bytes of a file in the package of this class, or of an absolute path on the class path. */
        public static byte[] read(String path) {
            try (InputStream in = ClassPathFile.class.getResourceAsStream(path)) {
                if (in == null) {
                    throw new FileNotFoundException(path + " is not on the class path");
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
