// Swiping left or right on a touch screen goes to the next or previous section of the page. Vertical scrolling wins,
// and so does whatever scrolls sideways itself.

const least = 60; // px sideways
const slowest = 600; // ms; slower is no swipe
const edge = 24; // px from the sides of the screen, which belong to the system's own gestures

/** @type {{x: number, y: number, at: number} | null} */
let start = null;

/** @returns {HTMLElement[]} */
function sections() {
  return [...document.querySelectorAll('[data-section]')];
}

/** The last section that begins above the middle of the screen. */
function current() {
  const all = sections();
  const begun = all.filter((section) => section.getBoundingClientRect().top < innerHeight / 2);
  return Math.max(0, begun.length - 1);
}

/** @param {Element | null} element */
function ownsSwipes(element) {
  for (; element && element !== document.body; element = element.parentElement) {
    if (element.matches('[data-no-swipe], input, select, textarea')) return true;
    const scrolls = element.scrollWidth > element.clientWidth + 1;
    if (scrolls && /auto|scroll/.test(getComputedStyle(element).overflowX)) return true;
  }
  return false;
}

/** Marks the link of the section in view. */
function mark() {
  const id = sections()[current()]?.id;
  for (const link of document.querySelectorAll('[data-sections] a[href^="#"]')) {
    if (link.getAttribute('href') === `#${id}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

/** @param {number} step 1 or -1 */
function go(step) {
  const section = sections()[current() + step];
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  section?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
}

addEventListener(
  'touchstart',
  (event) => {
    const [{ clientX: x, clientY: y }] = event.touches;
    const free = event.touches.length === 1 && x > edge && x < innerWidth - edge && !ownsSwipes(event.target);
    start = free ? { x, y, at: event.timeStamp } : null;
  },
  { passive: true },
);

addEventListener(
  'touchend',
  (event) => {
    if (!start) return;
    const x = event.changedTouches[0].clientX - start.x;
    const y = event.changedTouches[0].clientY - start.y;
    const quick = event.timeStamp - start.at < slowest;
    if (quick && Math.abs(x) >= least && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? 1 : -1);
    start = null;
  },
  { passive: true },
);

let planned = false;
addEventListener(
  'scroll',
  () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      mark();
    });
  },
  { passive: true },
);
mark();
