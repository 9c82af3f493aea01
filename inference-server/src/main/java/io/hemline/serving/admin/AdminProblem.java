package io.hemline.serving.admin;

import io.hemline.serving.http.ProblemType;
import io.hemline.serving.security.AccessDenied;
import io.vertx.core.json.JsonObject;

/** A rejected admin request, as a problem (RFC 9457). Has no stack trace. */
final class AdminProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private AdminProblem(int status, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
    }

    static AdminProblem malformed(String detail) {
        return new AdminProblem(400, "Not a JSON object", detail);
    }

    static AdminProblem notFound(String detail) {
        return new AdminProblem(404, "Not found", detail);
    }

    static AdminProblem wrongMethod(String detail) {
        return new AdminProblem(405, "Method not allowed", detail);
    }

    static AdminProblem conflict(String detail) {
        return new AdminProblem(409, "Refused by the store", detail);
    }

    static AdminProblem foreign(String detail) {
        return new AdminProblem(403, "Not allowed", detail);
    }

    static AdminProblem wrongMediaType(String detail) {
        return new AdminProblem(415, "Unsupported media type", detail);
    }

    static AdminProblem misdirected(String detail) {
        return new AdminProblem(421, "Misdirected request", detail);
    }

    static AdminProblem wrongValue(String detail) {
        return new AdminProblem(422, "Wrong value", detail);
    }

    static AdminProblem denied(AccessDenied denied) {
        ProblemType type = ProblemType.of(denied.reason());
        return new AdminProblem(type.status(), type.title(), denied.detail());
    }

    static AdminProblem internal() {
        return new AdminProblem(500, "Something broke", "Something broke here; the log says what.");
    }

    int status() {
        return status;
    }

    /** RFC 9457, with the extra member {@code error} that clients of the Open Inference Protocol read. */
    JsonObject json() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage())
                .put("error", getMessage());
    }
}
