// Says that it serves, and ends when it is told to; it follows nothing.
process.on('message', ({ type }) => {
  if (type === 'start' && !process.argv.includes('loading')) process.send({ type: 'ready' });
  if (type === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
