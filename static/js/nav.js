// A menu that is a <details> (the server switcher) opens without scripts; this adds what people expect of it: it closes
// on Escape, outside and behind a link.

/** @returns {HTMLDetailsElement | null} */
function open() {
  return document.querySelector('details[data-nav][open]');
}

document.addEventListener('keydown', (event) => {
  const menu = open();
  if (event.key !== 'Escape' || !menu) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
});

document.addEventListener('click', (event) => {
  const menu = open();
  if (!menu) return;
  const inside = menu.contains(event.target);
  if (!inside || event.target.closest('a[href]')) menu.open = false;
});
