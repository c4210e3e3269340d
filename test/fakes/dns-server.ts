import { createSocket } from 'node:dgram';

/** What the server says of a name: TXT values, each whole or in parts; or a failure; or nothing. */
type DnsAnswer =
  | readonly (string | readonly string[])[]
  | 'no-record'
  | 'no-domain'
  | 'server-failure'
  | 'refused'
  | 'silence';

export interface DnsServer {
  /** As `DNS_SERVERS` takes it. */
  readonly address: string;
  readonly answers: Map<string, DnsAnswer>;
  /** The names that were asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

const txt = 16;
const codes = { 'no-domain': 3, 'server-failure': 2, refused: 5 } as const;

/** A DNS server on UDP (RFC 1035) that knows TXT records alone. A name that it doesn't know does not exist. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const answers = new Map<string, DnsAnswer>();
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, end } = readName(query);
    asked.push(name);
    const answer = answers.get(name.toLowerCase()) ?? 'no-domain';
    if (answer !== 'silence') socket.send(respond(query, { end, answer }), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    answers,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** The name in the question, and where the question ends. */
function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 5 };
}

function respond(
  query: Buffer,
  { end, answer }: { readonly end: number; readonly answer: Exclude<DnsAnswer, 'silence'> },
): Buffer {
  const values = typeof answer === 'string' ? [] : answer;
  const code = typeof answer === 'string' && answer !== 'no-record' ? codes[answer] : 0;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, authoritative, recursion desired as asked and available.
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(values.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...values.map(recordOf)]);
}

function recordOf(value: string | readonly string[]): Buffer {
  const parts = [value].flat().map((part) => {
    const text = Buffer.from(part);
    return Buffer.concat([Buffer.from([text.length]), text]);
  });
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  // The name of the question, a TXT record of the Internet, for 60 seconds.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(txt, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
