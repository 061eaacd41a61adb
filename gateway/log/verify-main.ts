import { verifyLog } from './verify-log.ts';

// What `tablecast log verify DIR` runs, in a process of its own: a damaged file can end the process that reads it.
const [path = '.'] = process.argv.slice(2);
const { epoch, snapshotRecords, entries, bytes, damage } = await verifyLog(path);
console.log(`${snapshotRecords} records of the snapshot, ${entries} entries after it, ${bytes} bytes`);
if (epoch !== null) console.log(`epoch ${epoch}`);
console.log(damage === null ? 'nothing is wrong' : `damaged: ${damage}`);
process.exitCode = damage === null ? 0 : 1;
