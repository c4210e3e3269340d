import { createHash } from 'node:crypto';
import { getSystemErrorName } from 'node:util';
import { createTransport } from 'nodemailer';
import { adviceOn } from '../../core/connection-advice.ts';
import { Cancelled } from '../../core/errors.ts';
import type { MailProblem, SendMail } from '../../ports/mail.ts';

export interface MailOptions {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly tls: 'always' | 'required' | 'opportunistic';
    readonly auth: { readonly user: string; readonly pass: string } | undefined;
  };
  readonly from: { readonly name: string; readonly address: string };
}

export interface MailSender {
  readonly send: SendMail;
  /** Closes the connections to the server. */
  readonly close: () => void;
}

const connectTimeoutMs = 10_000;
const silenceTimeoutMs = 30_000;

/** At most so many connections, and mails a second, on any server. */
const mostConnections = 2;
const mostPerSecond = 10;

/** Sends mail through an SMTP server, over connections that are kept for the next ones. */
export function createMailSender({ server, from }: MailOptions): MailSender {
  const { host, port, tls, auth } = server;
  const transport = createTransport({
    pool: true,
    host,
    port,
    ...(auth !== undefined && { auth }),
    secure: tls === 'always',
    requireTLS: tls === 'required',
    maxConnections: mostConnections,
    maxMessages: 100,
    rateDelta: 1_000,
    rateLimit: mostPerSecond,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    // Texts come from administrators: none of them makes this process read a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    async send({ id, to, subject, text }, signal) {
      if (signal.aborted) throw new Cancelled('Sending a mail was cut off.');
      const name = createHash('sha256').update(id).digest('hex').slice(0, 40);
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${name}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return null;
      } catch (error) {
        return problemOf(error as SmtpError);
      }
    },
    close: () => transport.close(),
  };
}

/** An error of nodemailer; its message repeats addresses and what the server said. */
interface SmtpError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

function problemOf(error: SmtpError): MailProblem {
  const { command, response, responseCode } = error;
  if (responseCode !== undefined) {
    const at = command === undefined ? '' : ` at ${command.split(' ')[0]}`;
    const message = `the mail server answered ${responseCode}${at}`;
    return { message, isFinal: isAddressRefused(response) };
  }
  const code = causeOf(error);
  const why = adviceOn(code) ?? `could not be reached: ${code}`;
  return { message: `the mail server ${why}`, isFinal: false };
}

/** Nodemailer puts a code of its own in the place of the system's. */
function causeOf({ code = 'unknown reason', errno, message = '' }: SmtpError): string {
  if (typeof errno === 'number' && errno < 0) return getSystemErrorName(errno);
  if (code === 'EDNS') return 'ENOTFOUND';
  return /certificate/i.test(message) ? 'CERT_REFUSED' : code;
}

/** RFC 3463: 5.1.x is about the address. Other refusals are about the server or the sender, and can end. */
function isAddressRefused(response: string | undefined): boolean {
  return /^5\d\d[ -]5\.1\.\d{1,3}\b/.test(response ?? '');
}
