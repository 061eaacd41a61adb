// Publishes a small table over ZeroMQ: node publish.mjs [ADDRESS [HEADER [push|connect]]]
import { createProducer } from 'tablecast/producer';

const [address = 'tcp://127.0.0.1:5413', header = '{}', way = 'push'] = process.argv.slice(2);

const producer = createProducer({ [way]: address }); // push: a PULL socket, connect: a SUB socket that a gateway binds
const weather = { city: ['Oslo', 'Rome'], celsius: [4.5, 17] }; // rows, columns, a table of apache-arrow, or Arrow bytes
await producer.publish('weather', weather, JSON.parse(header || '{}'));
await producer.close(); // sends what waits
