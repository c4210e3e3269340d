/*
 * The sync that people write first, measured: page by page, then a findOne and a save for each user.
 *   node --import tsx bench/naive.ts <task.json >measured.json
 */
import axios from 'axios';
import mongoose from 'mongoose';
import { readTask, secondsOf } from './measured-process.ts';

interface Row {
  readonly _id: string;
  readonly email: string;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly displayname?: string;
  readonly alternateEmail?: string;
  readonly employeeIdentifier?: string;
  readonly jobTitle?: string;
  readonly department?: string;
  readonly location?: string;
  readonly company?: string;
  readonly costCenter?: string;
  readonly employeeType?: string;
  readonly manager?: string;
  readonly state: string;
  readonly phoneNumbers?: readonly { readonly type: string; readonly number: string }[];
  readonly addresses?: readonly {
    readonly type: string;
    readonly streetAddress?: string;
    readonly locality?: string;
    readonly region?: string;
    readonly postalCode?: string;
    readonly country?: string;
  }[];
}

const pageSize = 100;

const schema = new mongoose.Schema(
  {
    externalId: { type: String, required: true, unique: true },
    email: { type: String, required: true, unique: true },
    status: { type: String, required: true },
    firstName: String,
    lastName: String,
    displayName: String,
    secondaryEmail: String,
    employeeId: String,
    jobTitle: String,
    department: String,
    location: String,
    company: String,
    costCenter: String,
    employeeType: String,
    manager: String,
    phone: String,
    mobile: String,
    street: String,
    city: String,
    state: String,
    postalCode: String,
    country: String,
  },
  { timestamps: true },
);

const task = await readTask();
const connection = await mongoose
  .createConnection(task.mongodbUri, { dbName: task.database })
  .asPromise();
const User = connection.model('User', schema);

async function getPage(skip: number): Promise<readonly Row[]> {
  const { data } = await axios.get<{ results: readonly Row[] }>(
    `${task.source.url}/api/systemusers`,
    {
      params: { sort: '_id', limit: pageSize, skip },
      headers: { 'x-api-key': task.source.apiKey },
    },
  );
  return data.results;
}

async function saveUser(row: Row): Promise<void> {
  const user = (await User.findOne({ externalId: row._id })) ?? new User({ externalId: row._id });
  const address = row.addresses?.find(({ type }) => type === 'work');
  user.set({
    email: row.email,
    status: row.state === 'ACTIVATED' ? 'active' : 'inactive',
    firstName: row.firstname,
    lastName: row.lastname,
    displayName: row.displayname,
    secondaryEmail: row.alternateEmail,
    employeeId: row.employeeIdentifier,
    jobTitle: row.jobTitle,
    department: row.department,
    location: row.location,
    company: row.company,
    costCenter: row.costCenter,
    employeeType: row.employeeType,
    manager: row.manager,
    phone: row.phoneNumbers?.find(({ type }) => type === 'work')?.number,
    mobile: row.phoneNumbers?.find(({ type }) => type === 'mobile')?.number,
    street: address?.streetAddress,
    city: address?.locality,
    state: address?.region,
    postalCode: address?.postalCode,
    country: address?.country,
  });
  await user.save();
}

async function syncNaively(): Promise<void> {
  for (let skip = 0; skip < task.users; skip += pageSize) {
    const rows = await getPage(skip);
    for (const row of rows.slice(0, task.users - skip)) await saveUser(row);
  }
}

try {
  await User.init();
  console.log(JSON.stringify({ seconds: await secondsOf(syncNaively) }));
} finally {
  await connection.close();
}
