// Pull to refresh, for touch screens: only from the very top, only with one finger, and only when pulled far enough.
import { refetchAll, regions } from './regions.js';
import { toast } from './toast.js';

const slack = 10; // px that a finger trembles
const resistance = 0.5; // the indicator follows at half the finger's way
const enough = 72; // px of the indicator, so 144 of the finger
const farthest = 96;

const indicator = document.createElement('div');
indicator.className = 'pull';
indicator.setAttribute('aria-hidden', 'true');
const label = document.createElement('span');
label.className = 'pull-text';
indicator.append(label);
document.body.prepend(indicator);

/** @type {{x: number, y: number} | null} */
let start = null;
let pulled = 0;
let busy = false;

/** Nothing between the finger and the page is scrolled down itself. */
function atTop(/** @type {Element | null} */ element) {
  for (; element && element !== document.documentElement; element = element.parentElement) {
    if (element.scrollTop > 0) return false;
  }
  return scrollY <= 0;
}

/** @param {number} distance of the indicator, 0 hides it */
function move(distance) {
  pulled = distance;
  indicator.style.setProperty('--pull', `${Math.round(distance)}px`);
  indicator.classList.toggle('is-pulling', distance > 0);
  indicator.classList.toggle('is-ready', distance >= enough);
  label.textContent = busy ? 'Refreshing' : distance >= enough ? 'Release to refresh' : 'Pull to refresh';
}

async function refresh() {
  if (regions().length === 0) {
    location.reload();
    return;
  }
  busy = true;
  indicator.classList.add('is-loading');
  move(enough);
  const good = await refetchAll({ quiet: true });
  busy = false;
  indicator.classList.remove('is-loading');
  move(0);
  if (good) toast({ message: 'Updated', kind: 'success' });
  else toast({ message: 'Could not refresh. Try again.', kind: 'error' });
}

addEventListener(
  'touchstart',
  (event) => {
    const [finger] = event.touches;
    start =
      !busy && event.touches.length === 1 && atTop(event.target) ? { x: finger.clientX, y: finger.clientY } : null;
  },
  { passive: true },
);

addEventListener(
  'touchmove',
  (event) => {
    if (!start) return;
    const x = event.touches[0].clientX - start.x;
    const y = event.touches[0].clientY - start.y;
    const sideways = pulled === 0 && Math.abs(x) > Math.max(slack, Math.abs(y));
    if (event.touches.length > 1 || sideways || y < -slack || scrollY > 0) {
      start = null;
      move(0);
    } else if (y > slack) {
      move(Math.min(farthest, (y - slack) * resistance));
    }
  },
  { passive: true },
);

for (const name of ['touchend', 'touchcancel']) {
  addEventListener(
    name,
    () => {
      const far = name === 'touchend' && start !== null && pulled >= enough;
      start = null;
      if (far) refresh();
      else if (!busy) move(0);
    },
    { passive: true },
  );
}
