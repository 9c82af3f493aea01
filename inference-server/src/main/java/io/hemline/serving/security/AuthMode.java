package io.hemline.serving.security;

/** How clients say who they are. */
public enum AuthMode {
    /** Not at all. */
    NONE,
    /** By a key of a file. */
    API_KEY,
    /** By a bearer token of an OAuth 2 issuer. */
    JWT
}
