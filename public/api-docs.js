// Draws the reference of the API from its OpenAPI document.
const place = document.getElementById('api-docs');
const { bsTheme: theme } = document.documentElement.dataset;
const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.classList.toggle('dark-mode', dark);

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.address,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
