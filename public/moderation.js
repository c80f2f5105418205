// Single keys for moderators. Everything they do can be clicked; who types by voice switches them off.

const STORE = 'moderation.shortcuts';
const switches = document.querySelectorAll('[data-shortcuts]');
let on = localStorage.getItem(STORE) !== 'off';

for (const each of switches) {
  each.checked = on;
  each.addEventListener('change', () => {
    on = each.checked;
    localStorage.setItem(STORE, on ? 'on' : 'off');
  });
}

document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
  if (ctrlKey || metaKey || altKey || isComposing || !on) return;
  if (target.closest('input:not([type="checkbox"]), textarea, select')) {
    if (key === 'Escape') target.blur();
    return;
  }
  if (!press(latin(event))) return;
  event.preventDefault();
});

/** What the key would be on a Latin keyboard: people type Cyrillic here. */
function latin({ key, code }) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter && !/^[a-z]$/i.test(key) ? letter.toLowerCase() : key;
}

/** false: the key means nothing here */
function press(key) {
  if (key === '?') return toggleHelp();
  const rows = [...document.querySelectorAll('[data-row]')];
  if (rows.length > 0 && (key === 'j' || key === 'k')) return walk(rows, key === 'j' ? 1 : -1);
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button) return false;
  const needed = button.dataset.needs && document.getElementById(button.dataset.needs);
  const form = button.closest('[data-decide]');
  if (needed && needed.value.trim() === '') needed.focus();
  // A stray key decides nothing: only who has the case decides with one.
  else if (form && !('mine' in form.dataset)) button.focus();
  else button.click();
  return true;
}

function toggleHelp() {
  const help = document.getElementById('shortcuts');
  help.open = !help.open;
  if (help.open) help.querySelector('summary').focus();
  return true;
}

function walk(rows, step) {
  const at = rows.indexOf(document.activeElement);
  const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

// Who writes keeps the case: the lease is renewed, at most once a minute.
const lease = document.querySelector('form[data-lease]');
let renewed = Date.now();

document.addEventListener('input', ({ target }) => {
  if (!lease || !target.closest('[data-decide]') || Date.now() - renewed < 60_000) return;
  renewed = Date.now();
  const fields = new URLSearchParams(new FormData(lease));
  fetch(lease.action, { method: 'POST', body: fields, redirect: 'manual' }).catch(() => {});
});
