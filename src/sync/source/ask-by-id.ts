import { messageOf, SourceError } from '../../core/errors.ts';
import type { ListedUser } from '../../core/model/source-user.ts';
import type { SourceDirectory, UserAnswer } from '../../ports/directory.ts';

const chunkSize = 50;

/** The source's answer about one id. `unknown`: it gave no answer, so nothing may be concluded. */
export type IdAnswer =
  | { readonly is: 'present'; readonly user: ListedUser }
  | { readonly is: 'gone' }
  | { readonly is: 'unknown'; readonly reason: string };

interface Asking {
  readonly directory: Pick<SourceDirectory, 'getUser' | 'removalsAreExplicit'>;
  /** Ids listed in this run. They are asked for just before and just after: a 404 counts only between two 200s. */
  readonly controls: readonly string[];
}

/**
 * Asks the source for each id, fifty at a time between two controls, and yields every answer with its id. When the
 * controls don't answer, a 404 is no proof, and its answer is `unknown`. A refused credential or a source that fails
 * altogether throws `SourceError`.
 */
export async function* askByIds(
  ids: readonly string[],
  asking: Asking,
): AsyncGenerator<{ readonly externalId: string; readonly answer: IdAnswer }> {
  for (let at = 0; at < ids.length; at += chunkSize) {
    const chunk = ids.slice(at, at + chunkSize);
    const before = await isFindingControls(asking);
    const answers = await Promise.all(chunk.map((id) => askOne(id, asking.directory)));
    const proven = before && (await isFindingControls(asking));
    for (const [index, externalId] of chunk.entries()) {
      const answer = answers[index] as IdAnswer;
      yield { externalId, answer: answer.is === 'gone' && !proven ? unproven : answer };
    }
  }
}

const unproven: IdAnswer = {
  is: 'unknown',
  reason: 'the source answers 404, but also does not find users it just listed',
};

async function isFindingControls(asking: Asking): Promise<boolean> {
  return asking.directory.removalsAreExplicit === true || (await findControl(asking)) !== null;
}

/**
 * A listed id that the source finds; null when it finds none of the controls. Throws `SourceError` when the source
 * gives no answer for any of them: then the source itself fails.
 */
async function findControl({ directory, controls }: Asking): Promise<string | null> {
  let failure: string | null = null;
  let isAnswering = controls.length === 0;
  for (const control of controls) {
    const answer = await askOne(control, directory);
    if (answer.is === 'present') return control;
    if (answer.is === 'gone') isAnswering = true;
    else failure = answer.reason;
  }
  if (isAnswering) return null;
  throw new SourceError(
    'retriable',
    'source-failed',
    `the source answers for nobody by id: ${failure}`,
  );
}

/** Whether only this user could not be read, while the source answers for others. */
export function concernsOneUser({ code, kind }: SourceError): boolean {
  return code === 'user-failed' || kind === 'fatal';
}

async function askOne(
  externalId: string,
  directory: Pick<SourceDirectory, 'getUser'>,
): Promise<IdAnswer> {
  try {
    const answer: UserAnswer = await directory.getUser(externalId);
    return answer.found ? { is: 'present', user: answer.user } : { is: 'gone' };
  } catch (error) {
    if (error instanceof SourceError && concernsOneUser(error)) {
      return { is: 'unknown', reason: messageOf(error) };
    }
    throw error;
  }
}
