// Ticking rows without this file works too; it counts them, and Shift ticks all rows in between.

const boxes = () => [...document.querySelectorAll('.tick-box')];
let last = null;

function count() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const shown = document.querySelector('.ticks-count');
  if (shown) {
    shown.hidden = ticked === 0;
    shown.querySelector('output').textContent = String(ticked);
  }
  for (const head of document.querySelectorAll('[data-tick-all]')) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

document.addEventListener('click', (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches('.tick-box')) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  }
  last = box;
  count();
});

document.addEventListener('change', (event) => {
  if (event.target instanceof Element && event.target.matches('[data-tick-all], .tick-box')) count();
});

// Back from another page the browser may have kept the ticks.
window.addEventListener('pageshow', count);
