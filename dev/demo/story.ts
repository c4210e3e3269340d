import { createPaint } from '../../src/cli/terminal/style.ts';
import { cutToWidth } from '../../src/cli/terminal/text-width.ts';
import {
  changeDirectory,
  listActive,
  listPeople,
  type Person,
  type SimulatorDocument,
} from './simulated-directory.ts';
import type { Stage } from './stage.ts';

const paint = createPaint(process.stdout, process.env);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const nameOf = ({ firstName, lastName }: Person): string => `${firstName} ${lastName}`;

/** Begins a chapter of the demo. */
export function heading(text: string): void {
  say(`\n${paint('bold', `── ${text} `)}${'─'.repeat(Math.max(0, 72 - text.length))}`);
}

/** Shows a command as a person would type it, then runs it. */
export function type(
  stage: Stage,
  commandLine: string,
  options: Parameters<Stage['run']>[1] = {},
): Promise<string> {
  say(`\n${paint('green', `$ ${commandLine}`)}`);
  return stage.run(commandLine, options);
}

/** Adds the directory as a store, and makes its users members. */
export async function syncFirst(stage: Stage, directory: SimulatorDocument): Promise<void> {
  heading(`Connect the JumpCloud of ${directory.organization.name}`);
  const add = 'rollcall store add acme --directory jumpcloud --api-key-stdin';
  await type(stage, add, { input: `${directory.apiKey}\n` });

  heading('The first sync');
  await type(stage, 'rollcall sync acme --wait');
  await typeAndCut(stage, 'rollcall members list --store acme | head -7');
}

/** Changes the directory in several ways, and shows how the members follow. */
export async function tellStory(stage: Stage, directory: SimulatorDocument): Promise<void> {
  const [married, moved, away, leaver] = await listPeople(directory);
  if (!married || !moved || !away || !leaver) throw new Error('The simulator has too few people.');
  await changePeople(stage, directory, { married, moved });
  await removePeople(stage, directory, { away, leaver });
  await comeBack(stage, directory, away);
  await suspendTooMany(stage, directory);
  await takeBack(stage);

  heading('Nothing changes');
  await type(stage, 'rollcall sync acme --wait');
  await type(stage, 'rollcall runs list --store acme');
}

async function changePeople(
  stage: Stage,
  directory: SimulatorDocument,
  { married, moved }: { readonly married: Person; readonly moved: Person },
): Promise<void> {
  heading('At JumpCloud: a hire, a new name, another department');
  const domain = married.email.slice(married.email.indexOf('@'));
  const firstname = 'Ada';
  const lastname = 'Lovelace';
  const email = `ada.lovelace${domain}`;
  await changeDirectory(directory, 'hire', {
    fields: { firstname, lastname, email, department: 'Engineering' },
  });
  say(`  hired     ${firstname} ${lastname}, Engineering`);
  const doubleName = `${married.lastName}-Byron`;
  const first = married.firstName;
  await changeDirectory(directory, 'rename', {
    id: married.id,
    firstname: first,
    lastname: doubleName,
    newEmail: `${first}.${doubleName}${domain}`.toLowerCase(),
  });
  say(`  renamed   ${nameOf(married)} is ${first} ${doubleName} now, with a new address`);
  const department = moved.department === 'Marketing' ? 'Sales' : 'Marketing';
  await changeDirectory(directory, 'update', { id: moved.id, fields: { department } });
  say(`  moved     ${nameOf(moved)}, from ${moved.department} to ${department}`);
  await syncAndShow(stage);
}

async function removePeople(
  stage: Stage,
  directory: SimulatorDocument,
  { away, leaver }: { readonly away: Person; readonly leaver: Person },
): Promise<void> {
  heading('At JumpCloud: one is suspended, one is deleted');
  await changeDirectory(directory, 'suspend', { id: away.id });
  say(`  suspended ${nameOf(away)}`);
  await changeDirectory(directory, 'delete', { id: leaver.id });
  say(`  deleted   ${nameOf(leaver)}`);
  say('\nA preview first: it plans everything and writes nothing.');
  await type(stage, 'rollcall sync acme --plan --wait');
  await syncAndShow(stage);
}

async function comeBack(stage: Stage, directory: SimulatorDocument, away: Person): Promise<void> {
  heading('At JumpCloud: the suspension ends');
  await changeDirectory(directory, 'activate', { id: away.id });
  say(`  activated ${nameOf(away)}`);
  await syncAndShow(stage);
}

async function suspendTooMany(stage: Stage, directory: SimulatorDocument): Promise<void> {
  heading('At JumpCloud: a slip suspends a hundred people');
  const people = (await listActive(directory)).slice(0, 100);
  for (const { id } of people) await changeDirectory(directory, 'suspend', { id });
  say(`  suspended ${nameOf(people[0] as Person)} and ${people.length - 1} others`);
  const output = await type(stage, 'rollcall sync acme --wait', { exitCode: 3 });
  say(
    '\nNo member was deactivated. The mistake is corrected at JumpCloud, and the held records are closed.',
  );
  for (const { id } of people) await changeDirectory(directory, 'activate', { id });
  await type(stage, 'rollcall sync acme --wait');
  await type(stage, `rollcall runs show ${runIn(output)}`);
}

async function takeBack(stage: Stage): Promise<void> {
  heading('Here: a bad mapping, and how it is taken back');
  const bad = 'mapping: { department: { value: Oops } }';
  await type(stage, `echo '${bad}' | rollcall store apply acme -f -`);
  const output = await type(stage, 'rollcall sync acme --wait');
  await type(stage, `rollcall runs undo ${runIn(output)}`);
  const mended = 'mapping: { department: { attribute: department } }';
  await type(stage, `echo '${mended}' | rollcall store apply acme -f -`);
  await type(stage, 'rollcall store resume acme');
}

const runIn = (output: string): string => /^Run (\S+)/m.exec(output)?.[1] ?? '';

async function syncAndShow(stage: Stage): Promise<void> {
  const output = await type(stage, 'rollcall sync acme --wait');
  const run = runIn(output);
  await typeAndCut(stage, `rollcall runs show ${run} --records`);
}

/** Long lines are cut where the terminal ends. */
async function typeAndCut(stage: Stage, commandLine: string): Promise<void> {
  const columns = process.stdout.columns ?? 140;
  const output = await type(stage, commandLine, { show: () => undefined });
  for (const line of output.trimEnd().split('\n')) say(cutToWidth(line, columns));
}
