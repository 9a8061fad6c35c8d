// Small network programs to be run inside a network namespace.
//   tcp HOST PORT [SOURCE]   connects, prints what the other side says, exit 1 when it cannot
//   udp HOST PORT            sends a packet, prints the answer
//   dns SERVER NAME          prints the A records, or the error's code
//   serve PORT [ADDRESS]     TCP and UDP: tells every client which address it is seen as; prints "ready"
//   serve-dns IPV4           answers every query on port 53 with that address; prints "ready"
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect, createServer } from 'node:net';

const [command, ...args] = process.argv.slice(2);
const fail = (why) => {
  console.log(why);
  process.exit(1);
};
const timeoutMs = 700;

if (command === 'tcp') {
  const [host, port, localAddress] = args;
  setTimeout(() => fail('timeout'), timeoutMs);
  const socket = connect({ host, port: Number(port), localAddress });
  socket.on('error', (error) => fail(error.code));
  socket.on('data', (data) => {
    console.log(String(data));
    process.exit(0);
  });
} else if (command === 'udp') {
  const [host, port] = args;
  setTimeout(() => fail('timeout'), timeoutMs);
  const socket = createSocket('udp4');
  socket.on('error', (error) => fail(error.code));
  socket.on('message', (data) => {
    console.log(String(data));
    process.exit(0);
  });
  socket.send('?', Number(port), host);
} else if (command === 'dns') {
  const [server, name] = args;
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  resolver.setServers([server]);
  resolver.resolve4(name).then(
    (addresses) => console.log(addresses.join(' ')),
    (error) => fail(error.code),
  );
} else if (command === 'serve') {
  const [port, address = '0.0.0.0'] = args;
  const udp = createSocket('udp4');
  udp.on('message', (_data, peer) => udp.send(peer.address, peer.port, peer.address));
  const tcp = createServer((socket) => socket.on('error', () => {}).end(socket.remoteAddress));
  udp.bind(Number(port), address, () => tcp.listen(Number(port), address, () => console.log('ready')));
} else if (command === 'serve-dns') {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    // Header, question as asked, one A record for the same name (RFC 1035, 4.1).
    let end = 12;
    while (query[end] !== 0) end += query[end] + 1;
    const question = query.subarray(12, end + 5);
    const isA = query.readUInt16BE(end + 1) === 1;
    const header = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...args[0].split('.').map(Number)]);
    socket.send(Buffer.concat([header, question, ...(isA ? [answer] : [])]), peer.port, peer.address);
  });
  socket.bind(53, '0.0.0.0', () => console.log('ready'));
} else fail(`unknown command ${command}`);
