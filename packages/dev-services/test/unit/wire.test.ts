import { deserialize, Long, serialize } from 'bson';
import fc from 'fast-check';
import { commandOf } from '../../src/gateway/command.ts';
import {
  encodeReply,
  MalformedMessage,
  parseRequest,
  readMessages,
} from '../../src/gateway/wire.ts';

const HEADER = 16;

function opMsg(given: {
  readonly requestId: number;
  readonly sections: readonly Buffer[];
  readonly flags?: number;
}): Buffer {
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(given.flags ?? 0);
  return framed({ requestId: given.requestId, opCode: 2013, parts: [flags, ...given.sections] });
}

function framed(given: {
  readonly requestId: number;
  readonly opCode: number;
  readonly parts: readonly Buffer[];
}): Buffer {
  const payload = Buffer.concat(given.parts);
  const header = Buffer.alloc(HEADER);
  header.writeInt32LE(HEADER + payload.length, 0);
  header.writeInt32LE(given.requestId, 4);
  header.writeInt32LE(given.opCode, 12);
  return Buffer.concat([header, payload]);
}

const bodySection = (document: object): Buffer =>
  Buffer.concat([Buffer.of(0), Buffer.from(serialize(document))]);

function sequenceSection(name: string, documents: readonly object[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => Buffer.from(serialize(document))),
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 + content.length);
  return Buffer.concat([Buffer.of(1), size, content]);
}

async function* inPackets(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let at = 0;
  for (const place of [...places, bytes.length]) {
    if (place > at) yield bytes.subarray(at, place);
    at = place;
  }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const messages: Buffer[] = [];
  for await (const message of readMessages(chunks)) messages.push(message);
  return messages;
}

function outcomeOf(message: Buffer): string {
  try {
    parseRequest(message);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'something else';
  }
}

describe('readMessages', () => {
  it('gives the messages that were sent, however packets cut them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        async (texts, cuts) => {
          const sent = texts.map((text, requestId) =>
            opMsg({ requestId, sections: [bodySection({ ping: text })] }),
          );
          const received = await collect(inPackets(Buffer.concat(sent), cuts));
          expect(received).toEqual(sent);
        },
      ),
    );
  });

  it('ends with the stream, also in the middle of a message', async () => {
    const whole = opMsg({ requestId: 1, sections: [bodySection({ ping: 1 })] });
    const cut = Buffer.concat([whole, whole.subarray(0, 20)]);
    expect(await collect(inPackets(cut, []))).toEqual([whole]);
  });

  it.each([-1, 0, 15, 0x7fffffff])('refuses a message of %i bytes', async (length) => {
    const bytes = Buffer.alloc(HEADER);
    bytes.writeInt32LE(length, 0);
    await expect(collect(inPackets(bytes, []))).rejects.toThrow(MalformedMessage);
  });
});

describe('parseRequest', () => {
  it('merges document sequences into the command as arrays', () => {
    const documents = [{ _id: 1, text: 'ä' }, { _id: 2 }];
    const message = opMsg({
      requestId: 7,
      sections: [bodySection({ insert: 'c', $db: 'd' }), sequenceSection('documents', documents)],
    });
    const request = parseRequest(message);
    expect(request).toMatchObject({ requestId: 7, format: 'message', wantsReply: true });
    expect(deserialize(request.document)).toEqual({ insert: 'c', $db: 'd', documents });
  });

  it('accepts a sequence before the body', () => {
    const sections = [sequenceSection('deletes', [{ q: {} }]), bodySection({ delete: 'c' })];
    const { document } = parseRequest(opMsg({ requestId: 1, sections }));
    expect(deserialize(document)).toEqual({ delete: 'c', deletes: [{ q: {} }] });
  });

  it('leaves out the checksum and sees that no reply is wanted', () => {
    const sections = [bodySection({ ping: 1 }), Buffer.from([1, 2, 3, 4])];
    const request = parseRequest(opMsg({ requestId: 1, sections, flags: 3 }));
    expect(deserialize(request.document)).toEqual({ ping: 1 });
    expect(request.wantsReply).toBe(false);
  });

  it('reads the first handshake of older drivers, and answers it in kind', () => {
    const parts = [
      Buffer.alloc(4),
      Buffer.from('admin.$cmd\0'),
      Buffer.alloc(8),
      Buffer.from(serialize({ ismaster: 1 })),
    ];
    const request = parseRequest(framed({ requestId: 3, opCode: 2004, parts }));
    expect(request).toMatchObject({ database: 'admin', format: 'query' });
    const reply = encodeReply(request, serialize({ ok: 1 }));
    expect(reply.readInt32LE(0)).toBe(reply.length);
    expect(reply.readInt32LE(8)).toBe(3);
    expect(reply.readInt32LE(12)).toBe(1);
    expect(reply.readInt32LE(32)).toBe(1);
    expect(deserialize(reply.subarray(36))).toEqual({ ok: 1 });
  });

  it('refuses rubbish with MalformedMessage and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(2004, 2013, 1),
        (rubbish, opCode) => {
          const message = framed({ requestId: 1, opCode, parts: [Buffer.from(rubbish)] });
          expect(outcomeOf(message)).toMatch(/^(read|MalformedMessage)$/);
        },
      ),
    );
  });

  it.each([
    ['a body that claims more than there is', [Buffer.from([0, 100, 0, 0, 0, 0])]],
    ['an unknown section', [bodySection({ ping: 1 }), Buffer.from([9, 5, 0, 0, 0, 0])]],
    ['no body', [sequenceSection('documents', [])]],
    ['a sequence without a name', [bodySection({ a: 1 }), Buffer.from([1, 5, 0, 0, 0, 65])]],
  ])('refuses %s', (_, sections) => {
    expect(() => parseRequest(opMsg({ requestId: 1, sections }))).toThrow(MalformedMessage);
  });
});

describe('encodeReply', () => {
  it('is read back as what was sent', async () => {
    const document = Buffer.from(serialize({ ok: 1, big: Long.fromString('9007199254740993') }));
    const reply = encodeReply({ requestId: 42, format: 'message' }, document);
    expect(reply.readInt32LE(8)).toBe(42);
    const [message = Buffer.alloc(0)] = await collect(inPackets(reply, [1, 5]));
    expect(parseRequest(message).document).toEqual(document);
  });
});

describe('commandOf', () => {
  const command = (document: object) =>
    commandOf(parseRequest(opMsg({ requestId: 1, sections: [bodySection(document)] })));

  it('takes off the envelope and keeps every byte of the rest', () => {
    const filter = { b: Long.fromNumber(1), a: [1.5, new Date(0)] };
    const { name, database, spec } = command({ find: 'c', filter, $db: 'd', lsid: { id: 1 } });
    expect({ name, database }).toEqual({ name: 'find', database: 'd' });
    expect(spec).toEqual(Buffer.from(serialize({ find: 'c', filter })));
  });

  it('reads single fields, 64-bit integers without loss', () => {
    const { field } = command({ getMore: Long.fromString('9007199254740993'), $db: 'd' });
    expect(field('getMore')).toBe(9007199254740993n);
    expect(field('absent')).toBeUndefined();
  });
});
