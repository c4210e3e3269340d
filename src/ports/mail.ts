/** A mail of text alone. */
interface OutgoingMail {
  /** The same for each try to send it: receivers recognize a mail that comes twice. */
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Why the mail server did not take a mail, in words that name no address. */
export interface MailProblem {
  readonly message: string;
  /** Whether the address itself was refused: no later try will succeed. */
  readonly isFinal: boolean;
}

/** Hands a mail to the mail server. Null when the server took it. `Cancelled` when the signal was aborted before. */
export type SendMail = (mail: OutgoingMail, signal: AbortSignal) => Promise<MailProblem | null>;
