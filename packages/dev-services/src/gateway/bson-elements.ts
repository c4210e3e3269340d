/**
 * BSON documents as rows of raw elements, so that documents keep every byte on their way through the gateway: the
 * order of numeric keys and the types of numbers would not survive a JavaScript object.
 */
import { deserialize, onDemand } from 'bson';

export interface BsonElement {
  readonly name: string;
  /** Type, name and value as in the document. */
  readonly bytes: Buffer;
}

const ARRAY = 4;
const DOCUMENT = 3;

/** The top-level elements of a BSON document. Throws on malformed BSON. */
export function elementsOf(document: Buffer): BsonElement[] {
  const elements: BsonElement[] = [];
  for (const [, nameOffset, nameLength, offset, length] of onDemand.parseToElements(document)) {
    elements.push({
      name: document.toString('utf8', nameOffset, nameOffset + nameLength),
      bytes: document.subarray(nameOffset - 1, offset + length),
    });
  }
  return elements;
}

/** The BSON document that consists of these elements. */
export function documentOf(elements: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32LE(elements.reduce((sum, element) => sum + element.length, 5));
  return Buffer.concat([size, ...elements, Buffer.alloc(1)]);
}

/** An element that is an array of documents. */
export function arrayElement(name: string, documents: readonly Buffer[]): Buffer {
  const items = documents.flatMap((document, index) => [
    elementHead(DOCUMENT, `${index}`),
    document,
  ]);
  return Buffer.concat([elementHead(ARRAY, name), documentOf(items)]);
}

function elementHead(type: number, name: string): Buffer {
  return Buffer.concat([Buffer.of(type), Buffer.from(name), Buffer.alloc(1)]);
}

/** The value of one element, with 64-bit integers as bigint and binary values as buffers. */
export function decodeElement(element: BsonElement): unknown {
  const decoded = deserialize(documentOf([element.bytes]), {
    useBigInt64: true,
    promoteBuffers: true,
  });
  return decoded[element.name];
}
