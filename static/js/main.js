// Everything that a page runs after it is parsed. theme.js ran before, and live-worker.js runs beside all pages.
import './busy.js';
import './fresh.js';
import './live.js';
import './nav.js';
import './pull.js';
import './swipe.js';
import './toast.js';
import './toggle.js';
import './values.js';
