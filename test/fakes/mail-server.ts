import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail that arrived. */
interface ArrivedMail {
  /** As it came over the wire. */
  readonly raw: string;
  readonly mail: ParsedMail;
  readonly from: string;
  readonly to: readonly string[];
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly arrived: ArrivedMail[];
  /** What the server answers to a recipient or to a whole mail; null takes it. */
  refuse: (step: 'recipient' | 'mail', address: string) => { code: number; text: string } | null;
  /** How many connections were opened. */
  connections: number;
  close(): Promise<void>;
}

/** An SMTP server on a free port of loopback, without TLS. With `auth` it wants this name and password. */
export async function startMailServer(auth?: {
  readonly user: string;
  readonly pass: string;
}): Promise<MailServer> {
  const arrived: ArrivedMail[] = [];
  const refusalOf = (step: 'recipient' | 'mail', address: string): Error | null => {
    const refusal = server.refuse(step, address);
    if (refusal === null) return null;
    return Object.assign(new Error(refusal.text), { responseCode: refusal.code });
  };
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: auth === undefined,
    allowInsecureAuth: true,
    onConnect(_session, done) {
      server.connections += 1;
      done();
    },
    onAuth({ username, password }, _session, done) {
      const isRight = username === auth?.user && password === auth?.pass;
      done(isRight ? null : new Error('Wrong'), { user: username });
    },
    onRcptTo({ address }, _session, done) {
      done(refusalOf('recipient', address));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const to = envelope.rcptTo.map(({ address }) => address);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const refusal = refusalOf('mail', to[0] ?? '');
        if (refusal !== null) return done(refusal);
        void simpleParser(raw).then((mail) => {
          arrived.push({ raw, mail, from, to });
          done();
        });
      });
    },
  });
  // Clients that hang up are no matter of the server.
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const server: MailServer = {
    host: '127.0.0.1',
    port,
    arrived,
    refuse: () => null,
    connections: 0,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return server;
}
