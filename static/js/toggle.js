// The theme button: system, light, dark and round again. theme.js applies what it chooses, here and in the other tabs.
const choices = ['system', 'light', 'dark'];

/** @param {string | null} choice */
function show(choice) {
  for (const button of document.querySelectorAll('[data-theme-toggle]')) {
    const known = choices.includes(choice ?? '') ? choice : 'system';
    button.dataset.choice = known;
    button.setAttribute('aria-label', `Theme: ${known}. Change`);
    const label = button.querySelector('[data-theme-label]');
    if (label) label.textContent = known;
  }
}

addEventListener('storage', (event) => event.key === 'theme' && show(event.newValue));
addEventListener('pageshow', () => show(document.documentElement.dataset.theme ?? 'system'));
show(document.documentElement.dataset.theme ?? 'system');

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-theme-toggle]');
  if (!button) return;
  const choice = choices[(choices.indexOf(button.dataset.choice) + 1) % choices.length];
  try {
    localStorage.setItem('theme', choice);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  // The browser tells the other tabs only.
  dispatchEvent(new StorageEvent('storage', { key: 'theme', newValue: choice }));
});
