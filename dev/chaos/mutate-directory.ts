import { integerBetween, pick, type Random } from '../../src/simulator/directory/random.ts';
import type { SystemUser } from '../../src/simulator/directory/system-user.ts';
import { departments } from '../../src/simulator/directory/workplaces.ts';
import { type FollowedStore, noteAway } from './followed-store.ts';

type Mutation = (store: FollowedStore, random: Random) => void;

const randomUser = ({ simulator }: FollowedStore, random: Random): SystemUser =>
  simulator.people.get(pick(random, simulator.people.ids));

/** The usual changes of administrators; frequent ones are listed several times. */
const mutations: Readonly<Record<string, Mutation>> = {
  hire: ({ simulator }, random) => void simulator.people.hireMany(integerBetween(random, 1, 4)),
  rename: (store, random) => {
    const { _id, firstname } = randomUser(store, random);
    const lastname = `Changed${integerBetween(random, 1, 1_000_000)}`;
    store.simulator.people.rename(_id, { firstname: firstname || 'Ada', lastname });
  },
  move: (store, random) => {
    const { _id } = randomUser(store, random);
    const email = `moved.${integerBetween(random, 1, 1_000_000_000)}@moved.example`;
    store.simulator.people.update(_id, { email });
  },
  suspend: (store, random) => {
    store.simulator.people.suspend(randomUser(store, random)._id);
  },
  activate: (store, random) => {
    store.simulator.people.activate(randomUser(store, random)._id);
  },
  delete: (store, random) => {
    if (store.simulator.people.size > 50)
      store.simulator.people.remove(randomUser(store, random)._id);
  },
  swap: (store, random) => {
    const [one, other] = [randomUser(store, random), randomUser(store, random)];
    if (one._id !== other._id) store.simulator.people.swapEmails(one._id, other._id);
  },
  transfer: (store, random) => {
    const department = pick(random, departments).name;
    store.simulator.people.update(randomUser(store, random)._id, { department });
  },
  blank: (store, random) => {
    store.simulator.people.update(randomUser(store, random)._id, { jobTitle: '' });
  },
};
const names = ['hire', 'hire', 'activate', 'activate', 'activate', ...Object.keys(mutations)];

/** Changes a directory a little, or sometimes a lot of one kind. Returns what it did. */
export function mutateDirectory(store: FollowedStore, random: Random): string {
  const done = new Map<string, number>();
  const isMass = random() < 0.12;
  const times = isMass ? integerBetween(random, 8, 25) : integerBetween(random, 1, 5);
  const single = pick(random, names);
  for (let time = 0; time < times; time += 1) {
    const name = isMass ? single : pick(random, names);
    mutations[name]?.(store, random);
    // At once: a listing may be under way.
    noteAway(store);
    done.set(name, (done.get(name) ?? 0) + 1);
  }
  return [...done].map(([name, count]) => `${count} ${name}`).join(', ');
}
