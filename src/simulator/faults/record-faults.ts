import { changeRecord, type FaultWorld, faultsOfKind, position } from './fault.ts';

/** The largest field, whatever size is asked for: it is held in memory. */
const largestFieldKilobytes = 65_536;

/** Faults of one user's record: true, but strange. */
export const recordFaults = faultsOfKind('odd', {
  'row-without-id': {
    description: "One person's row in the listing has no id.",
    amount: position,
    wrap: changeRecord(({ _id, ...rest }) => rest, { alsoById: false }),
  },
  'bad-email-row': {
    description: "One person's e-mail is no address, in the listing and by id.",
    amount: position,
    wrap: changeRecord((user) => ({ ...user, email: 'not an address' })),
  },
  'duplicate-email-row': {
    description: "One person has the first person's e-mail, in other letters' case.",
    amount: position,
    wrap: (handle, world) => {
      const email = firstEmail(world).toUpperCase();
      return changeRecord((user) => ({ ...user, email }))(handle, world);
    },
  },
  'unicode-twins': {
    description:
      "One person has the first person's e-mail in another case and in NFD; it has an é.",
    amount: position,
    wrap: (handle, world) => {
      const composed = `\u00e9.${firstEmail(world)}`;
      const decomposed = composed.toUpperCase().normalize('NFD');
      const first = changeRecord((user) => ({ ...user, email: composed }), { place: 0 });
      const twin = changeRecord((user) => ({ ...user, email: decomposed }));
      return twin(first(handle, world), world);
    },
  },
  'wrong-types-row': {
    description: "One person's fields have other types than described.",
    amount: position,
    wrap: changeRecord((user) => ({
      ...user,
      attributes: { shirtSize: 'M' },
      department: 42,
      email: ['a', 'b'],
      firstname: { text: 'Ada' },
      phoneNumbers: 'none',
      suspended: 'false',
    })),
  },
  'huge-row': {
    description: "One person's job title is huge.",
    amount: { meaning: `its kilobytes, at most ${largestFieldKilobytes}`, otherwise: 1024 },
    wrap: (handle, world) => {
      const jobTitle = 'x'.repeat(Math.min(world.amount, largestFieldKilobytes) * 1024);
      const change = changeRecord((user) => ({ ...user, jobTitle }), { place: position.otherwise });
      return change(handle, world);
    },
  },
});

/** A made-up address when there are no users: then there is no record to change either. */
function firstEmail({ directory }: FaultWorld): string {
  return directory.find(directory.ids[0] ?? '')?.email ?? 'nobody@simulated.example';
}
