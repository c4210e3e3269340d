/**
 * MongoDB's wire protocol, as far as drivers need it to talk to a server without compression or authentication.
 * Source: the MongoDB wire protocol specification (OP_MSG, and OP_QUERY with OP_REPLY for the first handshake).
 */
import { arrayElement, documentOf, elementsOf } from './bson-elements.ts';

const HEADER_BYTES = 16;
/** What `hello` announces as `maxMessageSizeBytes`. */
export const MAX_MESSAGE_BYTES = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

/** The bytes are no message of the protocol. Nothing later on this connection can be trusted. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export interface WireRequest {
  readonly requestId: number;
  /** The command as one BSON document, document sequences merged into it as arrays. */
  readonly document: Buffer;
  /** The database of an OP_QUERY; an OP_MSG names it in the document. */
  readonly database: string | undefined;
  readonly format: 'message' | 'query';
  /** False when the sender doesn't read an answer. */
  readonly wantsReply: boolean;
}

/**
 * Cuts a stream of bytes into whole messages, whatever the packets were.
 * Throws MalformedMessage on an impossible length; a stream that ends within a message just ends.
 */
export async function* readMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let neededBytes = 4;
  for await (const chunk of chunks) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < neededBytes) continue;
    let bytes = pending.length === 1 ? chunk : Buffer.concat(pending);
    neededBytes = messageBytes(bytes);
    while (bytes.length >= neededBytes) {
      yield bytes.subarray(0, neededBytes);
      bytes = bytes.subarray(neededBytes);
      neededBytes = messageBytes(bytes);
    }
    pending = bytes.length > 0 ? [bytes] : [];
    pendingBytes = bytes.length;
  }
}

/** The length of the message that starts here, or 4 while not even its length has arrived. */
function messageBytes(bytes: Buffer): number {
  if (bytes.length < 4) return 4;
  const length = bytes.readInt32LE(0);
  if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES + HEADER_BYTES) {
    throw new MalformedMessage(`a message of ${length} bytes is impossible`);
  }
  return length;
}

/** Reads one whole message. Throws MalformedMessage. */
export function parseRequest(message: Buffer): WireRequest {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  try {
    if (opCode === OP_MSG) return parseMsg(message, requestId);
    if (opCode === OP_QUERY) return parseQuery(message, requestId);
  } catch (error) {
    throw new MalformedMessage('a message could not be read', { cause: error });
  }
  throw new MalformedMessage(`operation ${opCode} is not spoken here`);
}

function parseMsg(message: Buffer, requestId: number): WireRequest {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const end = (flags & CHECKSUM_PRESENT) === 0 ? message.length : message.length - 4;
  let body: Buffer | undefined;
  const sequences: Buffer[] = [];
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message[at];
    const section = sized(message, at + 1, end);
    if (kind === 0) body = section;
    else if (kind === 1) sequences.push(parseSequence(section));
    else throw new MalformedMessage(`section kind ${kind} is unknown`);
    at += 1 + section.length;
  }
  if (body === undefined) throw new MalformedMessage('a message has no body');
  const document =
    sequences.length === 0
      ? body
      : documentOf([...elementsOf(body).map(({ bytes }) => bytes), ...sequences]);
  return {
    requestId,
    document,
    database: undefined,
    format: 'message',
    wantsReply: (flags & MORE_TO_COME) === 0,
  };
}

/** A document sequence as the equivalent array element. */
function parseSequence(section: Buffer): Buffer {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new MalformedMessage('a document sequence has no name');
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const document = sized(section, at, section.length);
    documents.push(document);
    at += document.length;
  }
  return arrayElement(section.toString('utf8', 4, nameEnd), documents);
}

function parseQuery(message: Buffer, requestId: number): WireRequest {
  const nameAt = HEADER_BYTES + 4;
  const nameEnd = message.indexOf(0, nameAt);
  if (nameEnd < 0) throw new MalformedMessage('a query has no collection');
  const skipAndLimitBytes = 8;
  return {
    requestId,
    document: sized(message, nameEnd + 1 + skipAndLimitBytes, message.length),
    database: message.toString('utf8', nameAt, nameEnd).split('.')[0],
    format: 'query',
    wantsReply: true,
  };
}

/** The bytes from `at` on whose first four state their own length. */
function sized(bytes: Buffer, at: number, end: number): Buffer {
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > end) throw new MalformedMessage('a length leaves its message');
  return bytes.subarray(at, at + length);
}

/** The bytes that answer `request` with a BSON document. */
export function encodeReply(
  request: Pick<WireRequest, 'requestId' | 'format'>,
  document: Uint8Array,
): Buffer {
  const isMessage = request.format === 'message';
  // OP_MSG: flags and the section kind, all zero. OP_REPLY: flags (8, "await capable"), cursor, start, number of documents.
  const prefix = Buffer.alloc(isMessage ? 5 : 20);
  if (!isMessage) {
    prefix.writeInt32LE(8, 0);
    prefix.writeInt32LE(1, 16);
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + prefix.length + document.length, 0);
  header.writeInt32LE(request.requestId, 8);
  header.writeInt32LE(isMessage ? OP_MSG : OP_REPLY, 12);
  return Buffer.concat([header, prefix, document]);
}
