// The form of a text works without this file too: it puts fields where the text is being written.

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-insert]') : null;
  const area = document.querySelector('#f-body');
  if (!button || !(area instanceof HTMLTextAreaElement)) return;
  area.focus();
  area.setRangeText(button.dataset.insert, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
});
