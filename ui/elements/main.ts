import { createBrowserFetch } from '../client/browser-fetch.ts';
import { createWindowClock } from '../window-environment.ts';
import { defineElements } from './define-elements.ts';
import { ElementWorld } from './element-world.ts';

const world = new ElementWorld({
  window,
  // Vite would take the bare form for a file to bundle.
  defaultUrl: new URL('.', /* @vite-ignore */ import.meta.url).href,
  createSocket: (url, subprotocol) => new WebSocket(url, subprotocol),
  fetch: createBrowserFetch((url, init) => fetch(url, init), location.origin),
  clock: createWindowClock(window),
  random: () => Math.random(),
  onError: (error) => console.error(error),
});
defineElements(customElements, world);
