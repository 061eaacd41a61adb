// Loaded into a program before its main module (node --import). The channel to the parent is closed to end the
// program in order, on every platform, and closes by itself when the parent is gone, however it went.

/** Longer than any program takes that ends in order. */
const forcedEndDelayMs = 4700;

process.once('disconnect', () => {
  // What a program does on SIGTERM it does here too; one that does nothing there ends at once.
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
  setTimeout(() => process.exit(1), forcedEndDelayMs).unref();
});
// Listening holds the channel open, and an open channel would keep a finished program alive.
process.channel?.unref();
