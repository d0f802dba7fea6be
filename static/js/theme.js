// Sets the theme before the first paint, so it blocks in the head. Without a stored choice the stylesheet follows the
// system.
'use strict';
(() => {
  const root = document.documentElement;
  const apply = (choice) => {
    const fixed = choice === 'light' || choice === 'dark';
    if (fixed) root.dataset.theme = choice;
    else delete root.dataset.theme;
    for (const meta of document.querySelectorAll('meta[data-theme-color]')) {
      const own = meta.dataset.themeColor;
      meta.media = fixed ? (own === choice ? 'all' : 'not all') : `(prefers-color-scheme: ${own})`;
    }
  };
  const stored = () => {
    try {
      apply(localStorage.getItem('theme'));
    } catch {
      // Storage is blocked.
    }
  };
  root.classList.add('js');
  stored();
  addEventListener('pageshow', stored);
  addEventListener('storage', (event) => event.key === 'theme' && apply(event.newValue));
})();
