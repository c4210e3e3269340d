import { messageOf, SourceError } from '../../core/errors.ts';
import type { ListedUser } from '../../core/model/source-user.ts';
import type { SourceDirectory, UserAnswer } from '../../ports/directory.ts';

const chunkSize = 50;

/** The source's answer about one id. */
export type IdAnswer =
  | { readonly is: 'present'; readonly user: ListedUser }
  /** Proven by two independent answers: the user is not found by id, and a list filtered by its id is empty. */
  | { readonly is: 'gone' }
  /** Not found by id, although a list filtered by the id shows the user. */
  | { readonly is: 'listed' }
  /** The source gave no answer, or none that proves anything. */
  | { readonly is: 'unknown'; readonly reason: string };

interface Asking {
  readonly directory: Pick<SourceDirectory, 'getUser' | 'listByIds' | 'removalsAreExplicit'>;
  /** Ids listed in this run. One of them must be found just before and just after the ids in question. */
  readonly controls: readonly string[];
}

/**
 * Asks the source for each id, fifty at a time between two controls, and yields every answer with its id. A user that
 * is not found is perhaps gone: a list filtered by its id must be empty too, and must show the control. Where a
 * control is not found, or a filtered list does not show it, the answer is `unknown`. A refused credential or a source
 * that fails altogether throws `SourceError`.
 */
export async function* askByIds(
  ids: readonly string[],
  asking: Asking,
): AsyncGenerator<{ readonly externalId: string; readonly answer: IdAnswer }> {
  const { directory } = asking;
  for (let at = 0; at < ids.length; at += chunkSize) {
    const chunk = ids.slice(at, at + chunkSize);
    const before = await findControl(asking);
    const answers = await Promise.all(chunk.map((id) => askOne(id, directory)));
    const after = await findControl(asking);
    const notFound = chunk.filter((_, index) => answers[index] === null);
    const control = before !== null && after !== null ? after : null;
    const proofs = await proveGone(notFound, { ...asking, control });
    for (const [index, externalId] of chunk.entries()) {
      yield { externalId, answer: answers[index] ?? proofs.get(externalId) ?? filterProvesNothing };
    }
  }
}

/**
 * What filtered lists say of users that are not found by id. One list asks for all of them between two controls: a
 * source that heeds only some of the ids leaves out a control. Where that proves nothing, each user has a list of its
 * own between two lists for the control.
 */
async function proveGone(
  ids: readonly string[],
  { directory, controls, control }: Asking & { readonly control: string | null },
): Promise<ReadonlyMap<string, IdAnswer>> {
  const all = (answerOf: (id: string) => IdAnswer) => new Map(ids.map((id) => [id, answerOf(id)]));
  if (ids.length === 0) return new Map();
  if (directory.removalsAreExplicit === true) return all(() => gone);
  if (control === null) return all(() => controlNotFound);
  const other = controls.find((id) => id !== control);
  const together = other === undefined ? null : await directory.listByIds([control, ...ids, other]);
  if (other !== undefined && together?.has(control) && together.has(other)) {
    return all((id) => (together.has(id) ? stillListed : gone));
  }
  const showsControl = async () => (await directory.listByIds([control]))?.has(control) === true;
  if (!(await showsControl())) return all(() => filterProvesNothing);
  const shown = await Promise.all(ids.map((id) => directory.listByIds([id])));
  if (!(await showsControl())) return all(() => filterProvesNothing);
  return new Map(
    ids.map((id, index) => {
      const one = shown[index] ?? null;
      return [id, one === null ? filterProvesNothing : one.has(id) ? stillListed : gone];
    }),
  );
}

const gone: IdAnswer = { is: 'gone' };
const stillListed: IdAnswer = { is: 'listed' };
const controlNotFound: IdAnswer = {
  is: 'unknown',
  reason: 'the source does not find users by id that it just listed',
};
const filterProvesNothing: IdAnswer = {
  is: 'unknown',
  reason: 'the source does not find it by id, and its lists filtered by an id prove nothing',
};

/**
 * A listed id that the source finds; null when it finds none of the controls. Throws `SourceError` when the source gives
 * no answer for any of them: then the source itself fails.
 */
async function findControl({ directory, controls }: Asking): Promise<string | null> {
  if (directory.removalsAreExplicit === true) return null;
  let failure: string | null = null;
  let isAnswering = controls.length === 0;
  for (const control of controls) {
    const answer = await askOne(control, directory);
    if (answer?.is === 'present') return control;
    if (answer === null) isAnswering = true;
    else failure = answer.reason;
  }
  if (isAnswering) return null;
  throw new SourceError(
    'retriable',
    'source-failed',
    `the source answers for nobody by id: ${failure}`,
  );
}

/** The code of an empty list of a user's groups of which nothing says that it is whole. */
export const noGroupsStated = 'no-groups-stated';

/** Whether only this user could not be read, while the source answers for others. */
export function concernsOneUser({ code, kind }: SourceError): boolean {
  return code === 'user-failed' || code === noGroupsStated || kind === 'fatal';
}

/** Null when the source answers without the user. */
async function askOne(
  externalId: string,
  directory: Pick<SourceDirectory, 'getUser'>,
): Promise<Exclude<IdAnswer, { readonly is: 'gone' | 'listed' }> | null> {
  try {
    const answer: UserAnswer = await directory.getUser(externalId);
    return answer.found ? { is: 'present', user: answer.user } : null;
  } catch (error) {
    if (error instanceof SourceError && concernsOneUser(error)) {
      return { is: 'unknown', reason: messageOf(error) };
    }
    throw error;
  }
}
