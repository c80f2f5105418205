// Everything works without this file; it spares clicks.

document.documentElement.classList.add('js');

// A menu closes when something else is clicked, and on Escape.
const openMenus = () => document.querySelectorAll('details.pop[open]');

document.addEventListener('click', ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A second click on a button whose form is on its way would send it twice.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});

// Back from the next page: the form may be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// `<button data-copy="#id">` copies what stands in that element.
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  button.dataset.done = 'yes';
});

// The tick in the head of a table sets all of its own.
document.addEventListener('change', ({ target }) => {
  if (!target.matches('[data-tick-all]')) return;
  for (const box of document.querySelectorAll(target.dataset.tickAll)) box.checked = target.checked;
});
