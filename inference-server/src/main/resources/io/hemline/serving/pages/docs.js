// Shows the server's own OpenAPI document; nothing is fetched from elsewhere, the validator badge included.
window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
});
