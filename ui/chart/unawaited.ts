/** Does what nobody waits for; what it throws, at once or later, is told. */
export function unawaited(work: () => void | Promise<void>, onError: (error: unknown) => void): void {
  void new Promise<void>((resolve) => resolve(work())).catch(onError);
}
