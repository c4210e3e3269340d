import type { Connection } from 'mongoose';

/** No lease and no document of another collection has this id: the write below changes nothing. */
const noId = 'doctor';

/** Collections that every run writes to. */
const written = ['leases', 'runs', 'records', 'members'];

/**
 * Whether the database takes the writes of its user: one in each collection, which matches nothing. Returns the
 * server's clock; throws the error of the driver where it refuses.
 */
export async function probeDatabase(connection: Connection): Promise<Date | null> {
  await Promise.all(
    written.map((name) =>
      connection
        .collection<{ readonly _id: string; readonly holder?: string }>(name)
        .updateOne({ _id: noId }, { $set: { holder: noId } }),
    ),
  );
  const hello = await connection.db?.command({ hello: 1 });
  const { localTime } = hello ?? {};
  return localTime instanceof Date ? localTime : null;
}
