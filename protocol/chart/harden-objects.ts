/**
 * To be called before ECharts draws texts that it does not know: it keeps them as names in plain objects, where
 * `__proto__` would be Object.prototype itself, and `hasOwnProperty` would take the place of the method that it calls.
 */
export function hardenObjects(): void {
  Reflect.deleteProperty(Object.prototype, '__proto__');
  const method = Object.prototype.hasOwnProperty;
  Object.defineProperty(Object.prototype, 'hasOwnProperty', {
    configurable: true,
    get: () => method,
    // A value under this name is not kept.
    set: () => {},
  });
}
