import { useQuery } from '@tanstack/react-query';
import type { Run } from '../api/client.ts';
import { peopleQuery } from '../api/queries/session.ts';
import { actorName } from '../words.ts';

const ofPerson = 'user:';

/** The name of an actor; that of a person is looked up, since actors name people by id alone. */
export function Actor({ actor }: { readonly actor: string }) {
  const isPerson = actor.startsWith(ofPerson);
  const people = useQuery({ ...peopleQuery, enabled: isPerson });
  if (!isPerson) return <bdi>{actorName(actor)}</bdi>;
  if (people.data === undefined) return <span>a person</span>;
  const person = people.data.find((one) => one.actor === actor);
  if (person === undefined) return <span>a person who was erased</span>;
  return <bdi>{person.name ?? person.address ?? person.id}</bdi>;
}

/** Who asked for a run, or that its schedule did. */
export function RequestedBy({ run: { trigger, requestedBy } }: { readonly run: Run }) {
  if (trigger === 'schedule') return <span>by schedule</span>;
  return (
    <span>
      by <Actor actor={requestedBy} />
    </span>
  );
}
