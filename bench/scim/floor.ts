import { randomBytes } from 'node:crypto';
import fastify from 'fastify';
import type { Database } from '../../src/mongo/connection.ts';
import { listen } from './service.ts';

/** Servers that do no more than write: as many documents of a push's size as their path says, one after the other. */
export interface Floor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `POST /4` makes the four writes of a push that creates a user: its resource, the record, the member, and the record
 * as applied. `PATCH /4/{id}` makes those of a change. With `/2` it is the first and the last one of these.
 */
export async function startFloor({ connection }: Database): Promise<Floor> {
  const collectionOf = (name: string) => connection.collection<{ _id: string }>(`floor_${name}`);
  const [resources, records, members] = [
    collectionOf('resources'),
    collectionOf('records'),
    collectionOf('members'),
  ];
  const server = fastify();
  server.post('/:writes', async ({ body, params }) => {
    const _id = randomBytes(12).toString('hex');
    const document = { _id, ...(body as object) };
    await resources.insertOne(document);
    if (writesOf(params) === 2) {
      await resources.updateOne({ _id }, { $set: { revision: 2 } });
      return { id: _id };
    }
    await records.insertOne(document);
    await members.insertOne(document);
    await records.updateOne({ _id }, { $set: { status: 'applied' } });
    return { id: _id };
  });
  server.patch('/:writes/:id', async ({ body, params }) => {
    const { id } = params as { readonly id: string };
    const _id = randomBytes(12).toString('hex');
    await resources.updateOne({ _id: id }, { $set: { change: body } });
    if (writesOf(params) === 2) {
      await resources.updateOne({ _id: id }, { $set: { revision: 2 } });
      return { id };
    }
    await records.insertOne({ _id, ...(body as object) });
    await members.updateOne({ _id: id }, { $set: { change: body } });
    await records.updateOne({ _id }, { $set: { status: 'applied' } });
    return { id };
  });
  return { url: await listen(server), close: () => server.close() };
}

function writesOf(params: unknown): number {
  return Number((params as { readonly writes: string }).writes);
}
