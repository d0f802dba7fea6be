// The shared worker: all tabs of a browser meet here and use one stream.
import { Hub } from './hub.js';

const hub = new Hub();

globalThis.onconnect = (/** @type {MessageEvent} */ event) => {
  const [port] = event.ports;
  if (globalThis.EventSource) hub.adopt(port);
  else port.postMessage({ type: 'unable' });
};
